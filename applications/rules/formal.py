"""形式审查: the checklist on an application, as data, and what can be computed of it. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from applications.enums import PLAN_SECTIONS, Section
from applications.rules.gaps import Gap
from county_portal.common.province import words


@dataclass(frozen=True, slots=True)
class FormalItem:
    """One thing that is checked; `by_hand` ones only a person can see."""

    key: str
    name: str
    basis: str
    by_hand: bool = False


# S0 三(一): the four materials, the approval, the letter; annex 2-1 note: the ten ★; annex 2-2: the raw numbers.
FORMAL_ITEMS = (
    FormalItem("document", "县（市、区）人民政府申报文件齐全", "工作指引三（一）材料1"),
    FormalItem("table", "指标体系表填写完整", "工作指引三（一）材料2"),
    FormalItem("stars", "自选考核指标（★）项数符合规定", "附件2-1注"),
    FormalItem("basics", "基本情况表填写完整", "工作指引三（一）材料3"),
    FormalItem("ratios", "各比率与基本情况表复算一致", "附件2-2"),
    FormalItem("plan", "实施方案各部分齐全", "工作指引三（一）材料4"),
    FormalItem("approval", "县政府审议通过，且审议的即为现报送的内容", "工作指引三（一）"),
    FormalItem(
        "letter", f"{words().city}推荐函有效，且所推荐的即为现报送的内容", "工作指引三（一）"
    ),
    FormalItem("legible", "申报文件、审议材料扫描件清晰，印章齐全", "人工核对", by_hand=True),
    FormalItem("evidence", "证明材料与所填内容相符（抽查）", "人工核对", by_hand=True),
)
BY_HAND = tuple(item for item in FORMAL_ITEMS if item.by_hand)


@dataclass(frozen=True, slots=True)
class FormalFacts:
    """What is asked of the materials. Digests are of the canonical text."""

    gaps: Sequence[Gap]
    current_digest: str
    handed_in_digest: str
    approved_digest: str  # blank without an approval
    approval_number: str
    letter_number: str  # blank without a letter that holds
    letter_digest: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether an item is met, and why in words."""

    item: FormalItem
    is_met: bool
    words: str


# What a gap of the ratios is called by the rules of the basics.
_RATIO, _STAR = "ratio_differs", "star_count"


def findings_of(facts: FormalFacts) -> list[Finding]:
    """The items that can be computed, in the order of the checklist."""
    found = dict(_by_gaps(facts.gaps))
    found["approval"] = _approval(facts)
    found["letter"] = _letter(facts)
    return [Finding(item, *found[item.key]) for item in FORMAL_ITEMS if not item.by_hand]


def _by_gaps(gaps: Sequence[Gap]) -> Iterator[tuple[str, tuple[bool, str]]]:
    sections: Mapping[str, set[str]] = {
        "document": {Section.DOCUMENT},
        "table": {Section.TABLE},
        "stars": {Section.TABLE},
        "basics": {Section.BASICS},
        "ratios": {Section.BASICS},
        "plan": set(PLAN_SECTIONS),
    }
    special = {"stars": _STAR, "ratios": _RATIO}
    for key, places in sections.items():
        own = [
            gap
            for gap in gaps
            if gap.section in places
            and (gap.code == special[key] if key in special else gap.code not in special.values())
        ]
        yield key, (not own, own[0].sentence if own else "符合。")


def _approval(facts: FormalFacts) -> tuple[bool, str]:
    if not facts.approved_digest:
        return False, "没有登记县政府审议情况。"
    same = {facts.approved_digest, facts.handed_in_digest, facts.current_digest}
    if len(same) > 1:
        return False, f"县政府审议（{facts.approval_number}）的内容与现报送的内容不一致。"
    return True, f"{facts.approval_number}，审议内容与报送内容摘要一致。"


def _letter(facts: FormalFacts) -> tuple[bool, str]:
    if not facts.letter_number:
        return False, "没有有效的推荐函。"
    if facts.letter_digest != facts.current_digest:
        return False, f"推荐函{facts.letter_number}所依据的内容与现报送的内容不一致。"
    return True, f"{facts.letter_number}，所依据的内容与报送内容摘要一致。"
