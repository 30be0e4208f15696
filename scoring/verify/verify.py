"""Score a grading run again from its own files: python verify.py RUN.zip (or the unpacked folder).

Stands alone: written from the scheme's definition with exact fractions, it shares no code with the
system that produced the run. Ends with 0 where everything agrees, else with 1."""

import hashlib
import io
import json
import sys
import zipfile
from bisect import bisect_left, bisect_right
from fractions import Fraction
from functools import reduce
from operator import add, mul, sub, truediv
from pathlib import Path
from typing import Any

FILES = ("inputs.json", "scheme.json", "results.json", "manifest.json", "verify.py", "SHA256SUMS")
LABELS = {"name": "名称", "total": "总分", "class": "档次", "rank": "位次"}
ZERO = Fraction(0)
Doc = dict[str, Any]
OPS: Doc = {"add": add, "subtract": sub, "multiply": mul, "divide": truediv, "min": min, "max": max}
Cell = tuple[Fraction, set[str]]


def read_run(path: Path) -> tuple[dict[str, bytes], list[str]]:
    """The run's files, and what does not fit together; of an archive every byte is settled."""
    root = path if path.is_dir() else zipfile.Path(path)
    files = {each.name: each.read_bytes() for each in root.iterdir() if each.name in FILES}
    if missing := [name for name in FILES if name not in files]:
        raise ValueError(f"缺少文件 {missing[0]}")
    with zipfile.ZipFile(buffer := io.BytesIO(), "w") as archive:
        for name in FILES:
            info = zipfile.ZipInfo(name)
            info.create_system, info.external_attr = 3, 0o644 << 16
            archive.writestr(info, files[name])
    sums = {name: hashlib.sha256(files[name]).hexdigest() for name in FILES[:5]}
    sheet = "".join(f"{sums[name]}  {name}\n" for name in sums).encode()
    named, problems = json.loads(files["manifest.json"])["files"], list[str]()
    if named != {name: sums[name] for name in FILES[:3]} or files["SHA256SUMS"] != sheet:
        problems.append("文件与清单 manifest.json、校验表 SHA256SUMS 不符，已被改动")
    if not (path.is_dir() or path.read_bytes() == buffer.getvalue()):
        problems.append("压缩包与由其中文件重新打包的不是逐字节相同")
    return files, problems


def number(figure: Doc) -> Fraction:
    """The unrounded figure: the ratio where both its sides are known."""
    upper, lower, factor = figure["numerator"], figure["denominator"], figure["factor"]
    if upper is None or lower is None:
        upper, lower, factor = figure["value"], 1, 1
    if Fraction(upper) < 0 or Fraction(lower) <= 0 or Fraction(factor) <= 0:
        raise ValueError(f"{figure} 的数值、分母或换算系数不合规定")
    return Fraction(upper) * Fraction(factor) / Fraction(lower)


def formula(tree: list[Any], figure: Doc) -> Fraction:
    """A closed tree of operations; of a condition only the branch that holds is worked out."""
    op, *parts = tree
    if op in {"number", "value", "numerator", "denominator"}:
        return number(figure) if op == "value" else Fraction(parts[0] if parts else figure[op])
    if op == "if-at-least":
        holds = formula(parts[0], figure) >= formula(parts[1], figure)
        return formula(parts[2 if holds else 3], figure)
    return Fraction(reduce(OPS[op], [formula(each, figure) for each in parts]))


def scored(rule: Doc, figure: Doc, field: Any, own: int) -> Fraction:  # noqa: C901
    """The unrounded points of a figure or a panel; `own` is 1 for one that is in its field."""
    if rule["kind"] == "panel":
        scores, trim = sorted(map(Fraction, figure["panel"])), rule.get("trim", 0)
        if not 0 <= scores[0] <= scores[-1] <= Fraction(rule["max"]):
            raise ValueError(f"评审打分 {figure['panel']} 超出范围")
        kept = scores[trim : len(scores) - trim] if len(scores) >= 2 * trim + 2 else scores
        return sum(kept, ZERO) / len(kept)
    value, is_low, (others, mean) = number(figure), rule.get("lower_is_better"), field
    if rule["kind"] == "piecewise":
        band = [each for each in rule["bands"] if Fraction(each["from"]) <= value][-1]
        start, low, high = (Fraction(band[key]) for key in ("from", "points_from", "points_to"))
        if band["to"] is None or value >= Fraction(band["to"]):
            return high  # without limit, or in a gap before the next band
        return low + (value - start) * (high - low) / (Fraction(band["to"]) - start)
    points = full = Fraction(rule["max"])
    if rule["kind"] == "expression":
        points = formula(rule["tree"], figure)
    elif rule["kind"] == "deviation":
        steps = (value / mean - 1) * 100 / Fraction(rule["step_percent"]) if mean else ZERO
        steps = Fraction(int(steps)) if rule["whole_steps"] else steps
        points = Fraction(rule["base"]) + steps * Fraction(rule["step_points"])
    elif rule["kind"] == "percentile" and len(others) > own:
        above, below = len(others) - bisect_right(others, value), bisect_left(others, value)
        points = full - full * (below if is_low else above) / (len(others) - own)
    elif rule["kind"] == "completion":
        target, full_at = Fraction(figure["target"]), Fraction(rule["full_at"])
        low = target / value * 100 if value else full_at
        points = (low if is_low else value / target * 100) / full_at * full
    return min(max(points, Fraction(rule.get("min", 0))), full)


def itemised(rule: Doc, items: list[Doc]) -> Cell:
    kinds = {kind["code"]: kind["points"] for kind in rule["items"]}
    points = [(item["kind"], kinds[item["kind"]] or item.get("points")) for item in items]
    worth = {kind: [Fraction(each or 0) for code, each in points if code == kind] for kind in kinds}
    flags = {"awaiting-judgement" for _, each in points if each is None}
    for group in rule["exclusive"]:
        rivals = [points for code in group for points in worth.pop(code, [])]
        worth["group " + group[0]] = [max(rivals, default=ZERO)]
        flags.update(["not-all-counted"] if len(rivals) > 1 else [])
    total, cap = sum((each for points in worth.values() for each in points), ZERO), rule["cap"]
    return min(total, Fraction(cap)), flags | ({"capped"} if total > Fraction(cap) else set())


def points_of(row: Doc, cell: Any, scheme: Doc, rule: Doc, field: Any) -> Cell:
    absence, is_own, flags = cell["absence"], 1, set[str]()
    if absence and not (rule["kind"] == "panel" and absence == "qualitative" and cell["panel"]):
        is_own, cell, flags = 0, cell["carried"], {absence}
        if (scheme["absence"] | row.get("absence", {}))[absence] != "carry-forward":
            return ZERO, flags
        if cell is None:
            return ZERO, flags | {"nothing-to-carry"}
        flags |= {"carried-forward"}
    if rule["kind"] != "itemised":
        return scored(rule, cell, field, is_own), flags
    points, told = itemised(rule, cell["items"])
    return points, flags | told


def printed(points: Fraction, rounding: Doc) -> str:
    """Points rounded as the scheme says; they are never negative."""
    places, scaled = rounding["places"], points * 10 ** rounding["places"]
    modes = {"ROUND_HALF_UP": (2 * scaled + 1) // 2, "ROUND_HALF_EVEN": round(scaled)}
    digits = str(modes.get(rounding["mode"], scaled // 1)).rjust(places + 1, "0")
    return f"{digits[:-places]}.{digits[-places:]}" if places else digits


def differences(files: dict[str, bytes]) -> list[str]:
    """Where results.json is not what must come of the inputs; what stands alike shares a rank."""
    scheme, inputs = json.loads(files["scheme.json"]), json.loads(files["inputs.json"])
    if inputs["scheme_sha256"] != hashlib.sha256(files["scheme.json"]).hexdigest():
        raise ValueError("冻结数据 inputs.json 注明的评分方案不是 scheme.json")
    rows, cells = {row["code"]: row for row in scheme["indicators"]}, {}
    compared, order = dict[int, list[Fraction]](), list[Any]()
    for county, figure in ((each, one) for each in inputs["counties"] for one in each["figures"]):
        rule = rows[figure["indicator"]]["rule"]
        peers = [g["rule"] for g in rule.get("groups", []) if county["code"] in g["codes"]]
        rule = [*peers, rule.get("otherwise", rule)][0]
        cells[county["code"], figure["indicator"]] = figure, rule
        if rule["kind"] in {"deviation", "percentile"} and not figure["absence"]:
            compared.setdefault(id(rule), []).append(number(figure))
    fields = {key: (sorted(each), sum(each, ZERO) / len(each)) for key, each in compared.items()}
    then_by = [] if scheme["ties"] == "shared-rank" else scheme["ties"]["then_by"]
    for county in inputs["counties"]:
        lines, exact = list[Doc](), ZERO
        for code, row in rows.items():
            figure, rule = cells[county["code"], code]
            points, flags = points_of(row, figure, scheme, rule, fields.get(id(rule), ([], ZERO)))
            flags |= {"forecast"} if figure["status"] == "forecast" else set()
            score, exact = printed(points, scheme["rounding"]), exact + points
            lines.append({"indicator": code, "score": score, "flags": sorted(flags)})
        scores = {line["indicator"]: Fraction(line["score"]) for line in lines}
        exact = sum(scores.values(), ZERO) if scheme["total"] == "sum-of-rounded" else exact
        total = printed(exact, scheme["rounding"])
        names = [c["name"] for c in scheme["classes"] if Fraction(total) >= Fraction(c["at_least"])]
        about = {"code": county["code"], "name": county["name"], "class": names[0], "total": total}
        standing = [-Fraction(total), *(-scores[code] for code in then_by)]
        order.append((standing, county["code"], about | {"lines": lines}))
    places = sorted(standing for standing, _, _ in order)
    ranked = [each | {"rank": bisect_left(places, place) + 1} for place, _, each in sorted(order)]
    must: Doc = {key: inputs[key] for key in ("data_year", "evaluation_year", "scheme_sha256")}
    must |= {"format": "county-portal/grading-results/1", "engine_version": "1", "counties": ranked}
    exact_text = json.dumps(must, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    given, problems = json.loads(files["results.json"])["counties"], list[str]()
    found = {each["code"]: each for each in given}
    for county in ranked:
        other, place = found.get(county["code"], {}), f"{county['name']}（{county['code']}）"
        pairs = [(LABELS[key], county[key], other.get(key)) for key in LABELS]
        pairs += [("指标得分", *each) for each in zip(county["lines"], other.get("lines", []))]  # noqa: B905
        problems += [f"{place}：{name}应为 {a}，结果为 {b}" for name, a, b in pairs if a != b]
    is_same = problems or exact_text.encode() == files["results.json"]
    return problems if is_same else ["results.json 与重新计算的结果不是逐字节相同"]


def main(arguments: list[str]) -> int:
    """Print everything that does not agree; 0 means that the run stands."""
    if len(arguments) != 1:
        sys.stdout.write("用法：python verify.py 运行包.zip（或解压后的目录）\n")
        return 1
    try:
        files, problems = read_run(Path(arguments[0]))
        problems = problems or differences(files)
    except Exception as problem:  # noqa: BLE001 -- whatever a broken archive raises, it does not stand
        problems = [f"文件无法读取或内容不完整：{problem!r}"]
    outcome = f"核验不通过，共 {len(problems)} 处不一致" if problems else "核验通过，结果完全一致"
    sys.stdout.write("".join(f"不一致：{each}\n" for each in problems[:20]) + f"{outcome}。\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
