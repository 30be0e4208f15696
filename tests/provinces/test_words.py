"""No code knows which province it serves; what a province says, its folder says."""

import ast
from pathlib import Path

import pytest
from django.core.management import CommandError
from django.template import Context, Template

from county_portal.common.province import read_province, words
from county_portal.demo.load import require_same_province
from county_portal.documents.wording import fill_template
from measures.actions.importing import read_plain, read_source
from measures.rules.collective import read_naming

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("河北", "青海", "hebei", "qinghai", "Hebei", "Qinghai")
LOOKED_AT = ("*.py", "*.html", "*.txt", "*.js", "*.css")
FOREIGN = {"tests", "docs", "provinces", ".venv", "var", "vendor", "node_modules", "migrations"}
# The one place that has to choose a province where nobody does, and shows examples of what to write.
ALLOWED = {"county_portal/settings/environment.py": 3}


def files():
    for pattern in LOOKED_AT:
        for path in ROOT.rglob(pattern):
            parts = path.relative_to(ROOT).parts
            if not FOREIGN & set(parts) and len(parts) > 1:
                yield path


def test_no_code_names_a_province():
    found = {}
    for path in files():
        text = path.read_text(encoding="utf-8")
        count = sum(text.count(name) for name in NAMES)
        if count:
            found[str(path.relative_to(ROOT))] = count

    assert found == ALLOWED


@pytest.mark.parametrize("word", ["设区市", "省科技厅", "市科技局", "能力监测评价"])
def test_words_of_levels_stand_in_folders_alone(word):
    """Docstrings and comments may cite a source; what people read may not."""
    found = [
        str(path.relative_to(ROOT))
        for path in files()
        if path.suffix in {".html", ".txt"} and word in path.read_text(encoding="utf-8")
    ]

    assert found == []


# What a province says of its own, and where it may stand all the same: a heading of the manual, and names S0
# gives to what a county hands in, which are labels of stored choices.
OWN_WORDS = ("设区市", "省科技厅", "市科技局", "能力监测评价", "创新型县")
MAY_SAY = {
    "county_portal/guides/help.py",
    "applications/apps.py",
    "applications/enums.py",
    "county_portal/demo/programme/writing.py",
}


def said_by(path):
    """Every text of a module that is no docstring."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    docs = {
        ast.get_docstring(node, clean=False)
        for node in ast.walk(tree)
        if isinstance(node, documented)
    }
    texts = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return texts - docs


def test_code_takes_a_province_s_words_from_its_folder():
    found = {
        str(path.relative_to(ROOT))
        for path in files()
        if path.suffix == ".py"
        and any(word in text for text in said_by(path) for word in OWN_WORDS)
    }

    assert found == MAY_SAY


@pytest.mark.parametrize("key", ["hebei", "qinghai"])
def test_what_is_assessed_and_how_make_up_the_evaluation(key):
    said = read_province(key).words

    assert said.evaluation == f"县域{said.assessed}{said.assessing}"
    assert said.pilot_kind in said.programme


@pytest.mark.parametrize(("key", "city"), [("hebei", "设区市"), ("qinghai", "市（州）")])
def test_templates_say_the_province_s_word(settings, key, city):
    settings.PROVINCE = key
    text = '{% word "city" %}；{{ "经{city}报{province_office}"|worded }}'

    assert Template(text).render(Context()) == f"{city}；经{city}报省科技厅"
    assert words() is read_province(key).words


@pytest.mark.django_db
def test_texts_of_documents_say_it_too(settings):
    settings.PROVINCE = "qinghai"

    text = fill_template("pilot_list.txt", {"basis": "《意见》", "unit": "县（市、区）"})

    assert "经县（市、区）申报、市（州）推荐" in text


@pytest.mark.parametrize(
    ("key", "shades"),
    [
        ("hebei", [("a", "A"), ("b", "B"), ("c", "C")]),
        ("qinghai", [("a", "优秀"), ("b", "良好"), ("c", "一般")]),
    ],
)
def test_classes_keep_their_shades_by_order(settings, key, shades):
    settings.PROVINCE = key
    drawn = Template(
        "{% class_names as found %}{% for s, n in found %}{{ s }}{{ n }},{% endfor %}"
    ).render(Context())

    assert drawn == "".join(f"{shade}{name}," for shade, name in shades)


def test_a_second_name_stands_beside_the_first_where_there_is_one(settings):
    settings.PROVINCE = "qinghai"
    show = Template("{% second_name region %}")

    assert 'lang="bo">ཡུལ་ཤུལ།<' in show.render(Context({"region": "玉树藏族自治州"}))
    assert show.render(Context({"region": "城东区"})).strip() == ""
    settings.PROVINCE = "hebei"
    assert show.render(Context({"region": "玉树藏族自治州"})).strip() == ""


def test_a_database_of_one_province_does_not_serve_another(province, settings):
    require_same_province()

    settings.PROVINCE = "qinghai"
    with pytest.raises(CommandError, match="数据库中已是河北省的数据，不能作为青海省运行"):
        require_same_province()


def test_the_tasks_of_s4_are_read_with_units_that_are_all_known():
    (spec,) = read_plain("ledgers", "qinghai")
    reading = read_source(spec, "qinghai")
    naming = read_naming("qinghai")
    known = {row["short_name"] for row in naming.offices} | set(naming.collectives) | {"省科技厅"}

    assert [(part.title, len(part.measures)) for part in reading.parts] == [
        ("主要任务", 7),
        ("保障措施", 3),
    ]
    assert sum(len(measure.units) for measure in reading.measures) == 44
    assert {unit.words for measure in reading.measures for unit in measure.units} <= known
    texts = {measure.number: measure.text for measure in reading.measures}
    assert all(goal["wording"] in texts[goal["number"]] for goal in read_plain("goals", "qinghai"))


@pytest.mark.parametrize(
    ("key", "expected"),
    [("hebei", ["A", "B", "C", "优"]), ("qinghai", ["优秀", "良好", "一般", "优"])],
)
def test_classes_stand_best_first(key, expected):
    assert read_province(key).best_first(set(expected)) == expected
