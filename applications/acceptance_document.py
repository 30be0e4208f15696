"""The 通知 that publishes the conclusion of an acceptance, from the summary as it was handed in."""

from applications.enums import AcceptanceOutcome
from applications.models import Acceptance
from applications.rules.acceptance import FinalLine, Summary, tally_of
from county_portal.common import clock
from county_portal.common.numbers import plain, readable
from county_portal.documents.blocks import Table, TableColumn
from county_portal.documents.enums import Layout
from county_portal.documents.models import Register
from county_portal.documents.official import Imprint, Letterhead, OfficialDocument, Signature
from county_portal.documents.titles import break_title
from county_portal.documents.wording import fill_template, read_blocks

TEMPLATE = "acceptance_decision.txt"
TABLE = "考核指标完成情况"
# Widths in characters of the table's own type: 36 stand upright.
_COLUMNS = (
    TableColumn("序号", 3, "center"),
    TableColumn("考核指标", 10),
    TableColumn("基数", 5, "right"),
    TableColumn("目标", 5, "right"),
    TableColumn("实际", 5, "right"),
    TableColumn("完成率", 5, "right"),
    TableColumn("结果", 3, "center"),
)


def acceptance_document(
    acceptance: Acceptance, summary: Summary, register: Register
) -> OfficialDocument:
    """Everything the document says; its number is given when it is issued."""
    pilot, today = acceptance.pilot, clock.today()
    title = f"{register.issuer}关于公布{summary.region_name}创新型试点总结验收结论的通知"
    return OfficialDocument(
        layout=Layout.GENERAL,
        letterhead=Letterhead(register.sender, ""),
        title_lines=break_title(title, register.issuer),
        addressees=f"{pilot.reviewing_office.name}，{pilot.office.name}",
        blocks=read_blocks(_text(acceptance, summary), {TABLE: _table(summary)}),
        signature=Signature(register.issuer, today),
        imprint=Imprint((), register.printed_by, today),
    )


def _text(acceptance: Acceptance, summary: Summary) -> str:
    pilot = acceptance.pilot
    outcome = AcceptanceOutcome(acceptance.outcome)
    fields = {
        "region": summary.region_name,
        "round": pilot.round.title,
        "starts_on": pilot.starts_on,
        "ends_on": pilot.ends_on,
        "tally": tally_of(summary.lines).words,
        "outcome": str(outcome.label),
        "reasons": acceptance.reasons.rstrip("。"),
        "rectify_by": acceptance.rectify_by if outcome == AcceptanceOutcome.RECTIFY else None,
        "passed": outcome == AcceptanceOutcome.PASSED,
    }
    return fill_template(TEMPLATE, fields)


def _table(summary: Summary) -> Table:
    return Table(_COLUMNS, tuple(_row(line) for line in summary.assessed), caption=TABLE)


def _row(line: FinalLine) -> tuple[str, ...]:
    if line.is_qualitative:
        return (str(line.order), line.name, "—", "—", "—", "—", "定性")
    figures = (
        "—" if each is None else plain(readable(each, beside))
        for each, beside in ((line.baseline, None), (line.goal, None), (line.number, line.goal))
    )
    name = f"{line.name}（{line.unit}）" if line.unit else line.name
    return (str(line.order), name, *figures, _share(line), line.verdict)


def _share(line: FinalLine) -> str:
    achievement = line.achievement
    if achievement.share is None:
        return "—"
    return "不及基数" if achievement.share < 0 else f"{achievement.percent}%"
