"""A first draft of what a report tells in words, composed from what it says already. Pure.

Experience is not drafted: nothing the portal holds says what was learnt.
"""

from collections.abc import Iterable, Mapping

from county_portal.common.numbers import plain, readable
from county_portal.documents.numbers import chinese_ordinal
from reports.enums import ProgressText
from reports.rules.lagging import Shortfall, shortfalls_of
from reports.rules.progress import ProgressContent

WHOLE = 100


def draft_texts(content: ProgressContent) -> Mapping[str, str]:
    """By ProgressText; texts of which nothing can be said are left out."""
    short = shortfalls_of(content)
    drafts = {
        ProgressText.MEASURES: _listed(_measures(content)),
        ProgressText.PROBLEMS: _problems(content, short),
        ProgressText.OUTLOOK: _listed(_outlook(content, short)),
    }
    return {str(text): words for text, words in drafts.items() if words}


def _listed(sentences: Iterable[str]) -> str:
    """一是…… 二是……, a line each."""
    return "\n".join(
        f"{chinese_ordinal(place)}是{words}" for place, words in enumerate(sentences, 1)
    )


def _measures(content: ProgressContent) -> Iterable[str]:
    for task in content.tasks:
        if task.done is not None:
            yield f"{task.name}。{_sentence(task.words)}目前完成{task.done}%。"


def _problems(content: ProgressContent, short: list[Shortfall]) -> str:
    if not short:
        return ""
    year = content.year
    first = (
        f"{year}年设有目标并已填报的考核指标{content.measured}项，达到{content.reached}项，"
        f"未达到{len(short)}项。"
    )
    return "\n".join([first, _listed(_shortfall(each) for each in short)])


def _shortfall(each: Shortfall) -> str:
    row = each.reading
    actual = plain(readable(row.number, each.target)) if row.number is not None else ""
    figures = f"实际{actual}{row.unit}，目标{plain(each.target)}{row.unit}"
    return f"{row.name}{figures}，完成率{each.words}。{_sentence(row.words)}"


def _outlook(content: ProgressContent, short: list[Shortfall]) -> Iterable[str]:
    following = content.year + 1
    for each in short:
        goal = each.reading.targets.get(following)
        if goal is not None:
            said = f"{following}年达到{plain(goal)}{each.reading.unit}的目标"
            yield f"对照{said}，补齐“{each.reading.name}”的差距。"
    for task in content.tasks:
        if task.done is not None and task.done < WHOLE:
            yield f"继续推进{task.name}（目前完成{task.done}%）：{_sentence(task.goal)}"


def _sentence(words: str) -> str:
    """With one full stop behind it, in one line."""
    text = "".join(words.split("\n")).strip()
    return text if not text or text[-1] in "。！？；" else f"{text}。"
