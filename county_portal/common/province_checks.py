"""Whether a province's folder is sound: every fault at once, each with its file, place, reason and remedy.

Files are held against `provinces/schema/`, then against each other. Nothing here reads the database, so a folder can
be checked before it is installed; what only the engine can say of a scheme is said by the engine at import.
"""

import csv
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from county_portal.common import province_files
from county_portal.common.errors import Invalid
from county_portal.common.province_links import Fault, Folder, find_mismatches, twice

SCHEMAS = Path(__file__).resolve().parents[2] / "provinces" / "schema"
# File, its schema, and whether a province can do without it.
JSON_FILES = (
    ("province.json", "province", True),
    ("indicator-system.json", "indicator-system", True),
    ("scheme.json", "scheme", True),
    ("list.json", "list", True),
    ("pilot-list.json", "pilot-list", True),
    ("checks.json", "checks", False),
    ("facts.json", "facts", False),
    ("coverage.json", "coverage", False),
    ("acceptance.json", "acceptance", False),
    ("warnings.json", "warnings", True),
    ("golden-cases.json", "golden-cases", False),
    ("pilot-indicator-system.json", "indicator-system", False),
    ("measures/ledgers.json", "ledgers", False),
    ("demo/story.json", "story", False),
)


def list_provinces() -> list[str]:
    """Keys of the folders there are, sound or not."""
    folders = province_files.PROVINCES_DIR.iterdir()
    return sorted(each.name for each in folders if (each / "province.json").is_file())


def list_sound() -> list[str]:
    """Keys of the folders without a fault."""
    return [key for key in list_provinces() if not list_faults(key)]


def require_sound(key: str) -> None:
    """Refuse a folder with faults, naming all of them. Raises Invalid."""
    faults = list_faults(key)
    if faults:
        told = "\n".join(map(str, faults))
        raise Invalid(
            "province_faulty",
            f"省级数据目录provinces/{key}有{len(faults)}处不符合要求，未导入：\n{told}",
        )


def list_faults(key: str) -> list[Fault]:
    """Everything wrong with a province's folder; what holds files together only once each is sound by itself."""
    folder: dict[str, Any] = {}
    faults = [*_read_documents(key, folder), *_read_tables(key, folder)]
    return faults or list(find_mismatches(folder))


# --- each file by itself ---------------------------------------------------------------------------


def _read_documents(key: str, folder: dict[str, Any]) -> Iterator[Fault]:
    for name, schema, is_required in JSON_FILES:
        path = province_files.PROVINCES_DIR / key / name
        if not path.is_file():
            if is_required:
                yield Fault(name, "", "文件不存在", "请按provinces/schema中的格式编写")
            continue
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            yield Fault(name, "", f"不是合法的JSON（{error}）", "请改正语法")
            continue
        folder[name] = document
        errors = sorted(_validator(schema).iter_errors(document), key=lambda each: each.json_path)
        yield from (_schema_fault(name, error) for error in errors)


@cache
def _validator(name: str) -> Draft202012Validator:
    schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
    return Draft202012Validator(schema)


_Said = tuple[str, str]
_REASONS: Mapping[str, Callable[[Any, Any], _Said]] = {
    "required": lambda wanted, found: (
        "缺少" + "、".join(each for each in wanted if each not in found),
        "请补上",
    ),
    "const": lambda wanted, _: ("格式标识不符", f"应为{wanted}"),
    "enum": lambda wanted, found: (
        f"值“{found}”不在允许范围内",
        "可取" + "、".join(map(str, wanted)),
    ),
    "pattern": lambda wanted, found: (f"值“{found}”格式不符", f"应符合{wanted}"),
    "type": lambda wanted, _: ("类型不符", f"应为{wanted}"),
    "minLength": lambda *_: ("内容为空", "请填写"),
    "minItems": lambda wanted, _: ("内容过少", f"至少{wanted}项"),
    "uniqueItems": lambda *_: ("有重复的项", "请去掉重复"),
    "additionalProperties": lambda *_: ("有格式中没有的项", "请删去，或改正名称"),
}


def _schema_fault(name: str, error: ValidationError) -> Fault:
    say = _REASONS.get(str(error.validator))
    reason, remedy = (
        say(error.validator_value, error.instance)
        if say
        else ("内容不符合格式", f"请对照格式改正（{error.message}）")
    )
    return Fault(name, error.json_path.removeprefix("$").removeprefix("."), reason, remedy)


def _read_tables(key: str, folder: dict[str, Any]) -> Iterator[Fault]:
    shapes = json.loads((SCHEMAS / "tables.json").read_text(encoding="utf-8"))
    for name, shape in shapes.items():
        path = province_files.PROVINCES_DIR / key / name
        if not path.is_file():
            yield Fault(name, "", "文件不存在", "请按provinces/schema/tables.json所列各列编写")
            continue
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            rows, columns = list(reader), list(reader.fieldnames or [])
        folder[name] = rows
        if columns != list(shape["columns"]):
            wanted = "、".join(shape["columns"])
            yield Fault(name, "第1行", f"列名为{'、'.join(columns)}", f"应为{wanted}")
            continue
        yield from _row_faults(name, rows, shape)


def _row_faults(name: str, rows: Sequence[Mapping[str, str]], shape: Folder) -> Iterator[Fault]:
    for line, row in enumerate(rows, 2):
        for column, pattern in shape["columns"].items():
            value = row[column] or ""
            if not re.search(pattern, value):
                yield Fault(
                    name, f"第{line}行 {column}", f"值“{value}”格式不符", f"应符合{pattern}"
                )
    if shape["unique"]:
        yield from twice(name, shape["unique"], [row[shape["unique"]] for row in rows])
