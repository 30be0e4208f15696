import ast
import json
import random
import runpy
import subprocess
import sys
from decimal import Decimal

import pytest

from scoring.archive import sealed, zipped
from scoring.engine.batch import score_batch
from scoring.engine.codec import (
    canonical_bytes,
    inputs_bytes,
    manifest_document,
    results_bytes,
    scheme_bytes,
)
from scoring.engine.types import (
    Absence,
    AbsencePolicy,
    AbsenceTreatment,
    Band,
    Carried,
    CountyFigures,
    Figure,
    FigureStatus,
    Item,
    ItemisedRule,
    Measure,
    PanelMethod,
    PanelRule,
    PiecewiseRule,
)
from tests.scoring.engine.builders import (
    ROOT,
    bazhou,
    county,
    hebei_scheme,
    inputs,
    small_scheme,
    value,
)
from tests.scoring.engine.random_schemes import random_county, random_scheme

SCRIPT = ROOT / "scoring/verify/verify.py"
FALLING = PiecewiseRule(
    (
        Band(Decimal(0), Decimal("0.4"), Decimal(6), Decimal(6)),
        Band(Decimal("0.4"), Decimal("1.9"), Decimal(6), Decimal(0)),
        Band(Decimal("1.9"), None, Decimal(0), Decimal(0)),
    )
)


def random_measure(rule, chance):
    if isinstance(rule, PanelRule):
        scores = [Decimal(chance.randrange(51)).scaleb(-1) for _ in range(chance.randrange(1, 5))]
        return Measure(panel=tuple(scores[:1] if rule.method is PanelMethod.AGREED else scores))
    if isinstance(rule, ItemisedRule):
        kinds = [chance.choice(rule.kinds) for _ in range(chance.randrange(9))]
        return Measure(items=tuple(random_item(kind, chance) for kind in kinds))
    top = rule.bands[-1].start
    if chance.random() < 0.5:
        return Measure(value=top * chance.randrange(12000) / 10000)
    denominator = Decimal(chance.randrange(1, 99999))
    scaled = (top * denominator * chance.randrange(1200) / 1000).to_integral_value()
    factor = Decimal(chance.choice([1, 100, 1000]))
    return Measure(None, scaled, denominator * factor, factor)


def random_item(kind, chance):
    judged = kind.points is None and chance.random() < 0.7
    points = Decimal(chance.randrange(51)).scaleb(-1) if judged else None
    return Item(kind.code, f"名称{chance.randrange(50)}", points)


def random_figure(indicator, chance):
    status = chance.choice(list(FigureStatus))
    if chance.random() < 0.85:
        return Figure(indicator.code, random_measure(indicator.rule, chance), None, None, status)
    carried = None
    if chance.random() < 0.6:
        carried = Carried(2018, random_measure(indicator.rule, chance))
    return Figure(indicator.code, Measure(), chance.choice(list(Absence)), carried, status)


def random_inputs(scheme, counties, seed):
    chance = random.Random(seed)
    return inputs(
        scheme,
        *(
            CountyFigures(
                f"13{number:04d}",
                f"县{number}",
                tuple(random_figure(each, chance) for each in scheme.indicators),
            )
            for number in chance.sample(range(10000), counties)
        ),
    )


def run_files(given, scheme):
    files = {
        "inputs.json": inputs_bytes(given),
        "scheme.json": scheme_bytes(scheme),
        "results.json": results_bytes(score_batch(given, scheme)),
    }
    return sealed_again(files)


def sealed_again(files):
    """A manifest and sums that fit altered files, as a careful forger would make them."""
    listed = {name: files[name] for name in ("inputs.json", "scheme.json", "results.json")}
    return sealed(
        listed
        | {
            "manifest.json": canonical_bytes(manifest_document(listed)),
            "verify.py": SCRIPT.read_bytes(),
        }
    )


def verify(folder, files):
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return run_script(folder)


def run_script(*arguments):
    outcome = subprocess.run(
        [sys.executable, "-I", SCRIPT, *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={"PYTHONIOENCODING": "utf-8", "PYTHONUTF8": "1"},
    )
    assert outcome.stderr == ""
    return outcome.returncode, outcome.stdout


@pytest.fixture(scope="module")
def run():
    return run_files(random_inputs(hebei_scheme(), 250, seed=7), hebei_scheme())


def test_verifier_is_one_short_file_of_the_standard_library():
    source = SCRIPT.read_text(encoding="utf-8")
    names = [
        (node.module if isinstance(node, ast.ImportFrom) else node.names[0].name).split(".")[0]
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]

    assert set(names) <= sys.stdlib_module_names
    assert len(source.splitlines()) < 200


@pytest.mark.parametrize("seed", range(3))
def test_verifier_agrees_with_the_engine_on_random_figures(tmp_path, seed):
    files = run_files(random_inputs(hebei_scheme(), 250, seed), hebei_scheme())

    assert verify(tmp_path, files) == (0, "核验通过，结果完全一致。\n")


@pytest.mark.parametrize("seed", range(8))
def test_verifier_agrees_with_the_engine_on_random_schemes_of_every_kind(tmp_path, seed):
    chance = random.Random(seed)
    scheme = random_scheme(chance)
    counties = [random_county(number, scheme, chance) for number in range(chance.choice([1, 150]))]

    files = run_files(inputs(scheme, *counties), scheme)

    assert verify(tmp_path, files) == (0, "核验通过，结果完全一致。\n")


def test_verifier_agrees_on_falling_bands_agreed_scores_ties_and_other_absences(tmp_path):
    scheme = small_scheme(
        FALLING,
        PanelRule(PanelMethod.AGREED, Decimal(5)),
        absence=AbsencePolicy(
            AbsenceTreatment.ZERO, AbsenceTreatment.CARRY_FORWARD, AbsenceTreatment.CARRY_FORWARD
        ),
    )
    given = random_inputs(scheme, 250, seed=11)

    batch = score_batch(given, scheme)
    outcome = verify(tmp_path, run_files(given, scheme))

    assert len({each.rank for each in batch.counties}) < 250
    assert outcome == (0, "核验通过，结果完全一致。\n")


def test_verifier_reads_a_zip_and_the_sources_own_table(tmp_path):
    files = run_files(
        inputs(hebei_scheme(), bazhou(2020, unrounded=True), data_year=2020), hebei_scheme()
    )
    archive = tmp_path / "run.zip"
    archive.write_bytes(zipped(files))

    assert run_script(archive) == (0, "核验通过，结果完全一致。\n")


def test_tampered_score_breaks_the_manifest(tmp_path, run):
    results = run["results.json"].replace(b'"score":"0.00"', b'"score":"1.00"', 1)

    code, message = verify(tmp_path, run | {"results.json": results})

    assert code == 1
    assert message == (
        "不一致：文件与清单 manifest.json、校验表 SHA256SUMS 不符，已被改动\n"
        "核验不通过，共 1 处不一致。\n"
    )


def test_tampered_score_is_found_even_under_a_manifest_made_to_fit(tmp_path, run):
    document = json.loads(run["results.json"])
    victim = document["counties"][100]
    victim["lines"][3]["score"] = "9.99"
    forged = sealed_again(run | {"results.json": canonical_bytes(document)})

    code, message = verify(tmp_path, forged)

    assert code == 1
    assert message.startswith(f"不一致：{victim['name']}（{victim['code']}）：指标得分应为 ")
    assert message.endswith("核验不通过，共 1 处不一致。\n")


@pytest.mark.parametrize(
    ("key", "forgery", "label"),
    [
        ("total", "99.99", "总分"),
        ("class", "特", "档次"),
        ("rank", 1, "位次"),
        ("name", "某县", "名称"),
    ],
)
def test_tampered_total_class_rank_or_name_is_found(tmp_path, run, key, forgery, label):
    document = json.loads(run["results.json"])
    victim = document["counties"][100]
    true = victim[key]
    victim[key] = forgery

    code, message = verify(
        tmp_path, sealed_again(run | {"results.json": canonical_bytes(document)})
    )

    assert code == 1
    assert f"{label}应为 {true}，结果为 {forgery}\n" in message


def test_county_left_out_of_the_results_is_found(tmp_path, run):
    document = json.loads(run["results.json"])
    gone = document["counties"].pop(5)

    code, message = verify(
        tmp_path, sealed_again(run | {"results.json": canonical_bytes(document)})
    )

    assert code == 1
    assert f"{gone['name']}（{gone['code']}）：总分应为 {gone['total']}，结果为 None" in message


def test_results_in_another_order_are_not_the_same_to_the_byte(tmp_path, run):
    document = json.loads(run["results.json"])
    document["counties"].reverse()

    outcome = verify(tmp_path, sealed_again(run | {"results.json": canonical_bytes(document)}))

    assert outcome == (
        1,
        "不一致：results.json 与重新计算的结果不是逐字节相同\n核验不通过，共 1 处不一致。\n",
    )


def test_scheme_other_than_the_frozen_one_is_found(tmp_path, run):
    scheme = run["scheme.json"].replace(b'"80"', b'"81"')

    outcome = verify(tmp_path, sealed_again(run | {"scheme.json": scheme}))

    assert outcome == (
        1,
        "不一致：文件无法读取或内容不完整：ValueError('冻结数据 inputs.json 注明的评分方案不是 scheme.json')\n"
        "核验不通过，共 1 处不一致。\n",
    )


def test_figure_changed_after_the_run_is_found(tmp_path):
    scheme = small_scheme(FALLING)
    files = run_files(inputs(scheme, county("130102", value("01", "0.5"))), scheme)
    changed = files["inputs.json"].replace(b'"0.5"', b'"0.6"')

    code, message = verify(tmp_path, sealed_again(files | {"inputs.json": changed}))

    assert code == 1
    assert "总分应为 5.20，结果为 5.60" in message


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"results.json": None}, "文件无法读取或内容不完整：ValueError('缺少文件 results.json')"),
        ({"SHA256SUMS": None}, "文件无法读取或内容不完整：ValueError('缺少文件 SHA256SUMS')"),
        ({"manifest.json": b"{"}, "文件无法读取或内容不完整："),
        ({"manifest.json": b'{"files":{}}'}, "文件与清单 manifest.json、校验表 SHA256SUMS 不符"),
        ({"verify.py": b"print()"}, "文件与清单 manifest.json、校验表 SHA256SUMS 不符"),
    ],
)
def test_incomplete_run_is_refused_with_a_sentence(tmp_path, run, change, message):
    files = {name: content for name, content in (run | change).items() if content is not None}

    code, text = verify(tmp_path, files)

    assert code == 1
    assert text.startswith(f"不一致：{message}")


@pytest.mark.parametrize(
    ("rule", "figure"),
    [
        (FALLING, b'"value":null'),
        (FALLING, b'"value":"-1"'),
        (PanelRule(PanelMethod.MEAN, Decimal(5)), b'"panel":[]'),
        (PanelRule(PanelMethod.MEAN, Decimal(5)), b'"panel":["6"]'),
    ],
)
def test_cell_that_cannot_be_scored_is_told_and_never_guessed(tmp_path, rule, figure):
    scheme = small_scheme(rule)
    given = inputs(
        scheme, county("130102", Figure("01", Measure(Decimal("0.5"), panel=(Decimal(3),))))
    )
    files = run_files(given, scheme)
    broken = (
        files["inputs.json"]
        .replace(b'"value":"0.5"', figure)
        .replace(b'"panel":["3"]', figure if figure.startswith(b'"panel"') else b'"panel":["3"]')
    )

    code, text = verify(tmp_path, sealed_again(files | {"inputs.json": broken}))

    assert code == 1
    assert text.startswith("不一致：")


@pytest.mark.parametrize("arguments", [[], ["a", "b"]])
def test_wrong_call_explains_itself(arguments):
    assert run_script(*arguments) == (1, "用法：python verify.py 运行包.zip（或解压后的目录）\n")


def test_file_that_is_no_run_is_refused(tmp_path):
    strange = tmp_path / "run.zip"
    strange.write_text("这不是压缩包", encoding="utf-8")

    code, text = run_script(strange)

    assert code == 1
    assert text.startswith("不一致：文件无法读取或内容不完整：")


def small_archive():
    scheme = small_scheme(FALLING)
    return zipped(run_files(inputs(scheme, county("130102", value("01", "0.5"))), scheme))


def test_archive_with_any_one_byte_changed_does_not_stand(tmp_path, capsys):
    """Every third byte: contents, names, stamps, sums and the zip's own tables."""
    verifier = runpy.run_path(str(SCRIPT))
    content, archive = small_archive(), tmp_path / "run.zip"
    archive.write_bytes(content)
    assert verifier["main"]([str(archive)]) == 0

    unnoticed = []
    for place in range(0, len(content), 3):
        archive.write_bytes(content[:place] + bytes([content[place] ^ 0x21]) + content[place + 1 :])
        if verifier["main"]([str(archive)]) == 0:
            unnoticed.append(place)

    assert unnoticed == []
    assert len(content) > 10000


@pytest.mark.parametrize(
    "change", [lambda run: run + b"\0", lambda run: b"\0" + run, lambda run: run[:-1]]
)
def test_archive_longer_or_shorter_by_a_byte_does_not_stand(tmp_path, change):
    archive = tmp_path / "run.zip"
    archive.write_bytes(change(small_archive()))

    assert run_script(archive)[0] == 1


def test_verifier_runs_from_an_empty_directory_without_the_project(tmp_path):
    (tmp_path / "run.zip").write_bytes(small_archive())
    (tmp_path / "alone").mkdir()
    (tmp_path / "alone/verify.py").write_bytes(SCRIPT.read_bytes())

    outcome = subprocess.run(
        [sys.executable, "-I", "-S", "verify.py", "../run.zip"],
        cwd=tmp_path / "alone",
        capture_output=True,
        check=False,
        env={"PYTHONIOENCODING": "utf-8", "PYTHONUTF8": "1"},
    )

    assert (outcome.returncode, outcome.stdout.decode()) == (0, "核验通过，结果完全一致。\n")
