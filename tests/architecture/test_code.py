"""Rules of the house that no tool knows, read from the source."""

import ast
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = (
    *("county_portal", "indicators", "scoring", "applications", "reports"),
    *("monitoring", "uplift", "measures", "dashboards", "opendata"),
)
MODULES = sorted(
    path
    for package in PACKAGES
    for path in (ROOT / package).rglob("*.py")
    if "migrations" not in path.parts
)
TREES = {path.relative_to(ROOT): ast.parse(path.read_text(encoding="utf-8")) for path in MODULES}
VIEWS = {path: tree for path, tree in TREES.items() if "views" in path.with_suffix("").parts}

FORBIDDEN_NAMES = {
    "utils",
    "util",
    "helpers",
    "helper",
    "misc",
    "common_utils",
    "managers",
    "manager",
    "stuff",
}
# The ledger's own worker moves jobs and units; everything else moves its rows in actions.
STATE_WRITERS = {Path("county_portal/jobs/runner.py")}
WRITES = {
    "save",
    "create",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
    "delete",
}


def names(tree_by_path):
    return [path.as_posix() for path in tree_by_path]


def writes_state(node):
    match node:
        case ast.Assign(targets=targets):
            return any(is_state(leaf) for target in targets for leaf in ast.walk(target))
        case ast.AugAssign(target=target) | ast.AnnAssign(target=target):
            return is_state(target)
        case ast.Call(func=ast.Attribute(attr="update"), keywords=keywords):
            return any(keyword.arg == "state" for keyword in keywords)
        case ast.Call(func=ast.Name(id="setattr"), args=[_, ast.Constant(value="state"), *_]):
            return True
    return False


def is_state(node):
    return (
        isinstance(node, ast.Attribute) and node.attr == "state" and isinstance(node.ctx, ast.Store)
    )


def is_actions(path):
    return path.name == "actions.py" or "actions" in path.parts


@pytest.mark.parametrize("path", TREES, ids=str)
def test_only_actions_move_states(path):
    if is_actions(path) or path in STATE_WRITERS:
        return
    lines = [node.lineno for node in ast.walk(TREES[path]) if writes_state(node)]

    assert lines == []


@pytest.mark.parametrize(
    "source, found",
    [
        ("job.state = 1", True),
        ("job.state, job.error = 1, 2", True),
        ("job.state: str = 1", True),
        ("jobs.update(state=1)", True),
        ("setattr(job, 'state', 1)", True),
        ("state = 1", False),
        ("jobs.filter(state=1)", False),
        ("x[job.state] = 1", False),
        ("job.units.update(error='')", False),
    ],
)
def test_the_rule_about_states_recognises(source, found):
    assert any(writes_state(node) for node in ast.walk(ast.parse(source))) is found


@pytest.mark.parametrize("path", VIEWS, ids=str)
def test_views_neither_query_nor_write(path):
    lines = [
        node.lineno
        for node in ast.walk(VIEWS[path])
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager", *WRITES}
    ]

    assert lines == []


def test_no_module_is_a_drawer():
    stems = [
        path
        for path in TREES
        if path.stem in FORBIDDEN_NAMES or path.parent.name in FORBIDDEN_NAMES
    ]

    assert names(stems) == []


@pytest.mark.parametrize("path", TREES, ids=str)
def test_modules_are_short(path):
    assert len((ROOT / path).read_text(encoding="utf-8").splitlines()) <= 400


def functions():
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{path}:{node.name}", node.end_lineno - node.lineno + 1


def test_functions_are_short():
    lengths = dict(functions())

    ordered = sorted(lengths.values())
    assert ordered[int(len(ordered) * 0.95)] <= 30
    assert {name: length for name, length in lengths.items() if length > 60} == {}


@pytest.mark.parametrize("path", VIEWS, ids=str)
def test_views_are_functions_of_at_most_35_lines(path):
    long = [
        node.name
        for node in ast.walk(VIEWS[path])
        if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno + 1 > 35
    ]

    assert long == []


@pytest.mark.parametrize("path", TREES, ids=str)
def test_nothing_trusts_markup(path):
    """mark_safe, csrf_exempt, raw SQL, pickle and eval have no place here."""
    forbidden = {"mark_safe", "csrf_exempt", "RawSQL", "pickle", "eval", "exec"}
    used = {
        getattr(node, "id", getattr(node, "attr", ""))
        for node in ast.walk(TREES[path])
        if isinstance(node, ast.Name | ast.Attribute)
    }

    assert used & forbidden == set()


def test_every_module_says_what_belongs_in_it():
    silent = [
        path
        for path, tree in TREES.items()
        if tree.body and path.name != "__init__.py" and not ast.get_docstring(tree)
    ]

    assert names(silent) == []


@pytest.mark.django_db
def test_migrations_are_complete():
    call_command(
        "makemigrations", check=True, dry_run=True, verbosity=0
    )  # exits where one is missing
