"""An official text of numbered measures, read: parts, numbers, texts and the units the text itself names.

Nothing is lost and nothing added: heads, texts and brackets joined again are the text without its line ends
(a page break may lie inside a sentence, as in S1). What cannot be read is refused with its line and the remedy.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from county_portal.common.errors import Invalid
from county_portal.documents.numbers import read_ordinal
from measures.enums import DutyKind

_ORDINAL = "[一二三四五六七八九十]{1,3}"
_CHAPTER = re.compile(rf"({_ORDINAL})\s*、\s*")
_SECTION = re.compile(rf"[（(]({_ORDINAL})[）)]\s*、?\s*")
# Not 2.5%; and a year is no number of a measure: three digits and more are none.
_MEASURE = re.compile(r"([0-9０-９]{1,2})\s*[.．、]\s*(?![0-9０-９])")
_LABELS = "责任单位|责任部门|牵头单位|牵头部门|配合单位|配合部门|数据提供单位"
_BRACKET = re.compile(rf"[（(](?=(?:{_LABELS})\s*[：:])")
_LABEL = re.compile(rf"({_LABELS})\s*[：:]")
_OPENING, _CLOSING = "（(", "）)"
_SENTENCE_ENDS = "。！？"
LONGEST_TEXT = 4000
LONGEST_UNIT = 60
MOST_MEASURES = 200
_SHOWN = 14
# Refusals a reader is shown at once; the rest are counted.
_SHOWN_FAULTS = 8


@dataclass(frozen=True, slots=True)
class ReadUnit:
    """A unit in the words of the text, and its part in the measure."""

    words: str
    kind: DutyKind


@dataclass(frozen=True, slots=True)
class ReadMeasure:
    """One measure; `head` is its number as written, `closing` the bracket that names the units."""

    number: int
    head: str
    text: str
    closing: str
    units: tuple[ReadUnit, ...]
    line: int


@dataclass(frozen=True, slots=True)
class ReadPart:
    """A part with its heading as written, number included."""

    number: int
    head: str
    title: str
    measures: tuple[ReadMeasure, ...]


@dataclass(frozen=True, slots=True)
class ReadLedger:
    """The whole: words before the first part, then the parts."""

    preamble: str
    parts: tuple[ReadPart, ...]

    @property
    def measures(self) -> list[ReadMeasure]:
        """All of them in order."""
        return [measure for part in self.parts for measure in part.measures]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a line of the text (counted from 1), and what to do about it."""

    line: int
    sentence: str

    @property
    def words(self) -> str:
        """For the reader."""
        return f"第{self.line}行：{self.sentence}"


class Unreadable(Invalid):
    """A text that is no ledger; `faults` names everything at once."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        shown = "".join(fault.words for fault in faults[:_SHOWN_FAULTS])
        more = len(faults) - _SHOWN_FAULTS
        rest = f"另有{more}处，改正后再次读取时列出。" if more > 0 else ""
        super().__init__("text_unreadable", shown + rest, "text")
        self.faults = tuple(faults)


@dataclass(slots=True)
class _Paragraph:
    """A head and what follows it until the next head."""

    line: int
    kind: str  # "part", "measure" or "" for the words before the first part
    number: int = 0
    head: str = ""
    pieces: list[str] = field(default_factory=list)
    ended_at: int = 0

    @property
    def text(self) -> str:
        """Lines joined as one sentence; a line after a full stop is a paragraph of its own."""
        joined = ""
        for piece in self.pieces:
            joined += "\n" if joined and joined[-1] in _SENTENCE_ENDS else ""
            joined += piece
        return joined


def read_measures(text: str, section: tuple[str, str] | None = None) -> ReadLedger:
    """Read a text, or the chapter of it between two headings (both by their first words).

    Raises Unreadable with every fault.
    """
    lines = _cut(text, section)
    is_sectioned = any(_SECTION.match(line) for _, line in lines)
    paragraphs = list(_paragraphs(lines, part=_SECTION if is_sectioned else _CHAPTER))
    faults = [*_stray_chapters(lines, is_sectioned=is_sectioned)]
    preamble = paragraphs[0].text if paragraphs and not paragraphs[0].kind else ""
    parts = _parts([each for each in paragraphs if each.kind], faults)
    if not any(part.measures for part in parts) and not faults:
        first = lines[0][0] if lines else 1
        faults.append(
            Fault(
                first,
                "没有读到措施。措施应以“1.”这样的序号开头，列在“一、”或“（一）”开头的部分标题之下。",
            )
        )
    if faults:
        raise Unreadable(sorted(faults, key=lambda fault: fault.line))
    return ReadLedger(preamble, tuple(parts))


def _cut(text: str, section: tuple[str, str] | None) -> list[tuple[int, str]]:
    """Lines with their numbers, blank ones and blanks at their ends left out."""
    lines = [
        (place, line.strip())
        for place, line in enumerate(text.splitlines(), 1)
        if line.strip(" \t\u3000\ufeff")
    ]
    if section is None:
        return lines
    begin, end = section
    starts = [index for index, (_, line) in enumerate(lines) if line.startswith(begin)]
    if not starts:
        raise Unreadable([Fault(1, f"没有找到“{begin}”这一标题，请核对文件。")])
    rest = lines[starts[0] + 1 :]
    stops = [index for index, (_, line) in enumerate(rest) if line.startswith(end)]
    if not stops:
        raise Unreadable([Fault(lines[starts[0]][0], f"没有找到结束处“{end}”，请核对文件。")])
    return rest[: stops[0]]


def _paragraphs(lines: Sequence[tuple[int, str]], part: re.Pattern[str]) -> Iterator[_Paragraph]:
    current = _Paragraph(line=0, kind="")
    for place, line in lines:
        found = _head(line, part)
        if found is None:
            current.pieces.append(line)
            current.ended_at = place
            continue
        if current.kind or current.pieces:
            yield current
        kind, number, head = found
        rest = line[len(head) :]
        current = _Paragraph(place, kind, number, head, [rest] if rest else [], place)
    if current.kind or current.pieces:
        yield current


def _head(line: str, part: re.Pattern[str]) -> tuple[str, int, str] | None:
    found = part.match(line)
    if found and (number := read_ordinal(found[1])):
        return "part", number, found[0]
    found = _MEASURE.match(line)
    return ("measure", int(found[1]), found[0]) if found else None


def _stray_chapters(lines: Sequence[tuple[int, str]], *, is_sectioned: bool) -> Iterator[Fault]:
    """Where parts are （一）, a line 一、 begins another chapter: it would end up inside a measure."""
    if not is_sectioned:
        return
    for place, line in lines:
        found = _CHAPTER.match(line)
        if found and read_ordinal(found[1]):
            yield Fault(place, f"“{_shown(line)}”是上一级标题，请只保留含有措施的那一章。")


def _parts(paragraphs: Sequence[_Paragraph], faults: list[Fault]) -> list[ReadPart]:
    parts: list[tuple[_Paragraph, list[ReadMeasure]]] = []
    last = 0
    for each in paragraphs:
        if each.kind == "part":
            _check_part(each, len(parts) + 1, faults)
            parts.append((each, []))
            continue
        if not parts:
            faults.append(
                Fault(each.line, f"“{_shown(each.head + each.text)}”之前没有部分标题，请补上。")
            )
            continue
        is_anew = each.number == 1 and not parts[-1][1]
        if each.number != last + 1 and not is_anew:
            faults.append(
                Fault(
                    each.line, f"序号“{each.number}”不连续，这里应是“{last + 1}”，请核对有无缺漏。"
                )
            )
        last = each.number
        parts[-1][1].append(_measure(each, faults))
    for part, measures in parts:
        if not measures:
            faults.append(
                Fault(part.line, f"“{_shown(part.text)}”之下没有措施，请补上或删去标题。")
            )
    if sum(len(measures) for _, measures in parts) > MOST_MEASURES:
        faults.append(Fault(1, f"措施超过{MOST_MEASURES}条，请分成几本台账。"))
    return [
        ReadPart(part.number, part.head, part.text, tuple(measures)) for part, measures in parts
    ]


def _check_part(part: _Paragraph, wanted: int, faults: list[Fault]) -> None:
    if not part.text:
        faults.append(Fault(part.line, "部分标题没有文字，请补上。"))
    if part.number != wanted:
        faults.append(
            Fault(part.line, f"“{_shown(part.head + part.text)}”的序号不连续，请核对有无缺漏。")
        )


def _measure(paragraph: _Paragraph, faults: list[Fault]) -> ReadMeasure:
    text, closing, units = _split(paragraph, faults)
    if not text.strip():
        faults.append(Fault(paragraph.line, f"第{paragraph.number}条没有文字，请补上。"))
    if len(text) > LONGEST_TEXT:
        faults.append(
            Fault(
                paragraph.line, f"第{paragraph.number}条超过{LONGEST_TEXT}字，请核对是否漏了序号。"
            )
        )
    return ReadMeasure(paragraph.number, paragraph.head, text, closing, units, paragraph.line)


def _split(paragraph: _Paragraph, faults: list[Fault]) -> tuple[str, str, tuple[ReadUnit, ...]]:
    """The measure's words, the bracket at its end, the units in it."""
    whole = paragraph.text
    found = list(_BRACKET.finditer(whole))
    if not found:
        label = _LABEL.search(whole)
        if label:
            faults.append(
                Fault(paragraph.line, f"“{label[1]}”没有放在括号里，请写成“（{label[1]}：……）”。")
            )
        return whole, "", ()
    begin = found[-1].start()
    end = closing_bracket(whole, begin)
    if end is None:
        faults.append(Fault(paragraph.line, "列明单位的括号没有右括号，请补上。"))
        return whole[:begin], whole[begin:], ()
    if whole[end + 1 :].strip():
        faults.append(
            Fault(
                paragraph.ended_at,
                f"“{_shown(whole[end + 1 :])}”写在责任单位之后，不知属于哪一条，请移到括号之前或补上序号。",
            )
        )
    if len(found) > 1:
        faults.append(Fault(paragraph.line, "列明单位的括号多于一处，请核对是否漏了序号。"))
    return (
        whole[:begin],
        whole[begin : end + 1],
        tuple(_units(whole[begin + 1 : end], paragraph, faults)),
    )


def closing_bracket(text: str, begin: int) -> int | None:
    """Where the bracket that opens at `begin` closes; brackets inside it (各乡镇（区、办）) are its own."""
    depth = 0
    for place in range(begin, len(text)):
        depth += (text[place] in _OPENING) - (text[place] in _CLOSING)
        if depth == 0:
            return place
    return None


def _units(inside: str, paragraph: _Paragraph, faults: list[Fault]) -> Iterator[ReadUnit]:
    names: set[str] = set()
    for group in split_outside(inside, "；;"):
        label = _LABEL.match(group)
        if label is None:
            faults.append(
                Fault(
                    paragraph.line,
                    f"“{_shown(group)}”没有写明是责任单位、配合单位还是数据提供单位，请补上。",
                )
            )
            continue
        for place, name in enumerate(split_outside(group[label.end() :], "、，,")):
            if not name or len(name) > LONGEST_UNIT or name in names:
                reason = (
                    "是空的" if not name else "重复" if name in names else f"超过{LONGEST_UNIT}字"
                )
                faults.append(
                    Fault(
                        paragraph.line, f"{label[1]}第{place + 1}个单位{reason}，请核对顿号和名称。"
                    )
                )
                continue
            names.add(name)
            yield ReadUnit(name, _kind(label[1], place))


def _kind(label: str, place: int) -> DutyKind:
    """Of several 责任单位 the first leads: a rule of ours, to be corrected where the text means otherwise."""
    if label == "数据提供单位":
        return DutyKind.DATA
    if label.startswith("配合"):
        return DutyKind.SUPPORT
    if label.startswith("牵头"):
        return DutyKind.LEAD
    return DutyKind.LEAD if place == 0 else DutyKind.SUPPORT


def split_outside(text: str, separators: str) -> list[str]:
    """Split where no bracket is open; blanks at the ends go."""
    pieces, depth = [""], 0
    for char in text:
        depth += (char in _OPENING) - (char in _CLOSING)
        if depth == 0 and char in separators:
            pieces.append("")
        else:
            pieces[-1] += char
    return [piece.strip() for piece in pieces]


def _shown(text: str) -> str:
    plain = text.replace("\n", "")
    return plain if len(plain) <= _SHOWN else plain[:_SHOWN] + "…"
