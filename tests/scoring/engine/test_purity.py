"""The engine is a calculator: no third-party package, no binary fractions, no clock, no chance."""

import ast
import sys

import pytest

from tests.scoring.engine.builders import ROOT

MODULES = sorted((ROOT / "scoring/engine").rglob("*.py"))
FORBIDDEN_MODULES = {"random", "time", "datetime", "os", "secrets", "locale"}
FORBIDDEN_CALLS = {"float", "round"}


def imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_engine_imports_only_itself_and_the_standard_library(module):
    names = set(imported(ast.parse(module.read_text(encoding="utf-8"))))

    foreign = {
        name
        for name in names
        if not name.startswith("scoring.engine")
        and (
            name.split(".")[0] not in sys.stdlib_module_names
            or name.split(".")[0] in FORBIDDEN_MODULES
        )
    }
    assert foreign == set()


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_engine_has_no_binary_fraction_and_no_built_in_rounding(module):
    tree = ast.parse(module.read_text(encoding="utf-8"))

    calls = {
        node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    fractions = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, float)
    ]
    assert (calls & FORBIDDEN_CALLS, fractions) == (set(), [])
