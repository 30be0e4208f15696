"""Score a grading run again from its own files: python verify.py RUN.zip (or the unpacked folder).

Stands alone on purpose: written from the scheme's definition with exact fractions, it shares no
code with the system that produced the run. Ends with 0 where everything agrees, else with 1.
"""

import hashlib
import json
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

RUN_FILES = ("inputs.json", "scheme.json", "results.json")
RESULTS_FORMAT = "county-portal/grading-results/1"
ENGINE_VERSION = "1"
LABELS = {"name": "名称", "total": "总分", "class": "档次", "rank": "位次"}


class RunError(Exception):
    """The run cannot be scored at all; the text says why."""


def read_run(path: Path) -> dict[str, bytes]:
    """Every file of the run by name; manifest.json must be among them."""
    if path.is_dir():
        files = {each.name: each.read_bytes() for each in path.iterdir() if each.is_file()}
    else:
        with ZipFile(path) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
    for name in (*RUN_FILES, "manifest.json"):
        if name not in files:
            raise RunError(f"缺少文件 {name}")
    return files


def check_manifest(files: dict[str, bytes]) -> list[str]:
    """Differences between the files and their digests in the manifest."""
    digests = json.loads(files["manifest.json"])["files"]
    problems = [f"清单 manifest.json 没有列出 {name}" for name in RUN_FILES if name not in digests]
    for name, digest in sorted(digests.items()):
        if name not in files:
            problems.append(f"清单列出的文件 {name} 不存在")
        elif hashlib.sha256(files[name]).hexdigest() != digest:
            problems.append(f"文件 {name} 的 SHA-256 与清单不符，文件已被改动")
    return problems


def piecewise(rule: dict[str, Any], figure: dict[str, Any]) -> tuple[Fraction, set[str]]:
    value = Fraction(figure.get("value") or 0)
    if figure.get("numerator") is not None and figure.get("denominator") is not None:
        factor = Fraction(figure.get("factor") or 1)
        value = Fraction(figure["numerator"]) * factor / Fraction(figure["denominator"])
    elif figure.get("value") is None:
        raise RunError("有单元格没有数值可供计分")
    band = max(
        (band for band in rule["bands"] if Fraction(band["from"]) <= value),
        key=lambda band: Fraction(band["from"]),
    )
    start, low, high = (Fraction(band[key]) for key in ("from", "points_from", "points_to"))
    width = 1 if band["to"] is None else Fraction(band["to"]) - start
    return low + (value - start) * (high - low) / width, set()


def itemised(rule: dict[str, Any], figure: dict[str, Any]) -> tuple[Fraction, set[str]]:
    kinds = {kind["code"]: kind for kind in rule["items"]}
    flags: set[str] = set()
    worth: dict[str, list[Fraction]] = {}
    for item in figure.get("items") or []:
        points = kinds[item["kind"]]["points"] or item.get("points")
        if points is None:
            flags.add("awaiting-judgement")
        worth.setdefault(item["kind"], []).append(Fraction(points or 0))
    for group in rule.get("exclusive", []):
        rivals = [points for code in group for points in worth.pop(code, [])]
        if rivals:
            worth["group " + group[0]] = [max(rivals)]
        if len(rivals) > 1:
            flags.add("not-all-counted")
    total = sum((point for points in worth.values() for point in points), Fraction(0))
    cap = Fraction(rule["cap"])
    if total > cap:
        flags.add("capped")
    return min(total, cap), flags


def panel(rule: dict[str, Any], figure: dict[str, Any]) -> tuple[Fraction, set[str]]:
    scores = [Fraction(score) for score in figure["panel"]]
    if min(scores) < 0 or max(scores) > Fraction(rule["max"]):
        raise RunError("有评审打分超出范围")
    return sum(scores, Fraction(0)) / len(scores), set()


RULES = {"piecewise": piecewise, "itemised": itemised, "panel": panel}


def points_of(
    indicator: dict[str, Any], figure: dict[str, Any], policy: dict[str, str]
) -> tuple[Fraction, set[str]]:
    """The unrounded points of one cell and its flags."""
    rule, absence = indicator["rule"], figure.get("absence")
    score = RULES[rule["kind"]]
    judged = rule["kind"] == "panel" and absence == "qualitative" and figure.get("panel")
    if absence is None or judged:
        return score(rule, figure)
    treatment = indicator.get("absence", {}).get(absence) or policy.get(absence, "zero")
    if treatment != "carry-forward":
        return Fraction(0), {absence}
    if figure.get("carried") is None:
        return Fraction(0), {absence, "nothing-to-carry"}
    points, flags = score(rule, figure["carried"])
    return points, flags | {absence, "carried-forward"}


def decimal_text(units: int, places: int) -> str:
    digits = str(units).rjust(places + 1, "0")
    return f"{digits[:-places]}.{digits[-places:]}" if places else digits


def grade_county(county: dict[str, Any], scheme: dict[str, Any]) -> dict[str, Any]:
    """One county's results without its rank; the total is the sum of the rounded scores."""
    places = scheme["rounding"]["places"]
    figures = {figure["indicator"]: figure for figure in county["figures"]}
    lines, total = [], 0
    for indicator in scheme["indicators"]:
        figure = figures[indicator["code"]]
        points, flags = points_of(indicator, figure, scheme["absence"])
        if figure.get("status") == "forecast":
            flags = flags | {"forecast"}
        units = (2 * points * 10**places + 1) // 2  # half up, as points are never negative
        total += units
        score = decimal_text(units, places)
        lines.append({"indicator": indicator["code"], "score": score, "flags": sorted(flags)})
    points_total = Fraction(total, 10**places)
    reached = [each for each in scheme["classes"] if points_total >= Fraction(each["at_least"])]
    names = {"code": county["code"], "name": county["name"], "class": reached[0]["name"]}
    return {**names, "total": decimal_text(total, places), "lines": lines}


def grade(files: dict[str, bytes]) -> dict[str, Any]:
    """The results document as it must be; equal totals share a rank."""
    scheme, inputs = json.loads(files["scheme.json"]), json.loads(files["inputs.json"])
    digest = hashlib.sha256(files["scheme.json"]).hexdigest()
    if inputs["scheme_sha256"] != digest:
        raise RunError("冻结数据 inputs.json 注明的评分方案不是 scheme.json")
    counties = [grade_county(county, scheme) for county in inputs["counties"]]
    counties.sort(key=lambda county: (-Fraction(county["total"]), county["code"]))
    totals = [county["total"] for county in counties]
    for county in counties:
        county["rank"] = totals.index(county["total"]) + 1
    years = {key: inputs[key] for key in ("data_year", "evaluation_year")}
    about = {"format": RESULTS_FORMAT, "engine_version": ENGINE_VERSION, "scheme_sha256": digest}
    return {**about, **years, "counties": counties}


def compare(expected: dict[str, Any], content: bytes) -> list[str]:
    """Differences between the results as they must be and results.json, county by county."""
    given = {county["code"]: county for county in json.loads(content)["counties"]}
    problems = []
    for county in expected["counties"]:
        place, found = f"{county['name']}（{county['code']}）", given.get(county["code"], {})
        for key, label in LABELS.items():
            if county[key] != found.get(key):
                problems.append(f"{place}：{label}应为 {county[key]}，结果为 {found.get(key)}")
        for line, other in zip(county["lines"], found.get("lines", []), strict=False):
            if line != other:
                problems.append(f"{place}：指标得分应为 {line}，结果为 {other}")
    exact = json.dumps(expected, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    if not problems and exact.encode() != content:
        problems.append("results.json 与重新计算的结果不是逐字节相同")
    return problems


def verify(path: Path) -> list[str]:
    """Everything that does not agree; an empty list means that the run stands."""
    try:
        files = read_run(path)
        return check_manifest(files) or compare(grade(files), files["results.json"])
    except RunError as problem:
        return [str(problem)]
    except (OSError, ValueError, LookupError, TypeError, ArithmeticError, BadZipFile) as problem:
        return [f"文件无法读取或内容不完整：{problem!r}"]


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        sys.stdout.write("用法：python verify.py 运行包.zip（或解压后的目录）\n")
        return 1
    problems = verify(Path(arguments[0]))
    for problem in problems[:20]:
        sys.stdout.write(f"不一致：{problem}\n")
    outcome = f"核验不通过，共 {len(problems)} 处不一致" if problems else "核验通过，结果完全一致"
    sys.stdout.write(f"{outcome}。\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
