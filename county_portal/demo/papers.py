"""Official documents of the demonstration: each is drafted, checked and signed by the people whose posts these are."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from county_portal.accounts.models import User
from county_portal.common import clock
from county_portal.common.province import words
from county_portal.common.text import chinese_date
from county_portal.demo.acts import first_count
from county_portal.demo.cast import Cast
from county_portal.demo.receipt import have_read
from county_portal.demo.returns import unexplained_jump
from county_portal.demo.season import Part, Season
from county_portal.demo.story import STORY
from county_portal.documents.actions.beginning import start_draft
from county_portal.documents.actions.drafts import Move, Wording, move_draft, save_draft
from county_portal.documents.actions.standing import void_paper
from county_portal.documents.enums import DraftAction, Layout
from county_portal.documents.models import Draft, Paper, Register
from county_portal.documents.selectors.recipients import reach_of
from indicators.enums import SUBMISSION_LETTER
from indicators.models import Collection

_VOIDED = "附件名单打印稿有缺页，现予撤销，另行报送。"
_NOTICE: Mapping[str, str] = STORY["notice"]


def call_for_figures(cast: Cast, collection: Collection) -> Paper:
    """通知: the province tells every bureau of an open collection."""
    manager = cast.manager
    register = Register.objects.get(prefix=_NOTICE["register"])
    draft = start_draft(actor=manager, kind="notice", register=register.public_id)
    reach = reach_of(manager)
    draft = save_draft(
        actor=manager,
        draft_id=draft.public_id,
        revision=draft.revision,
        wording=Wording(
            title=_NOTICE["title"].format(year=collection.data_year),
            addressees=_NOTICE["addressees"],
            text=_text_of_call(collection),
            recipients=[*reach.cities, *reach.counties],
        ),
    )
    return _issue(draft, manager, cast.checker, cast.publisher)


def _text_of_call(collection: Collection) -> str:
    year = collection.data_year
    return "\n".join(
        [
            f"为做好{year}年度{words().evaluation}，现就数据采集工作有关事项通知如下。",
            "一、采集范围",
            f"全省各县（市、区）{year}年度县域科技创新指标数据，指标及口径以填报系统所列为准。",
            "二、时间安排",
            f"（一）县级填报。{chinese_date(collection.opens_on)}至{chinese_date(collection.county_due_on)}，"
            "由县（市、区）科学技术局会同数据提供部门填报，经县（市、区）政府审定后提交。",
            f"（二）市级审核。{chinese_date(collection.city_due_on)}前，由市级科技主管部门逐项审核，审核通过后以函报送我厅。",
            "三、有关要求",
            "1.据实填报。数据以统计年鉴和部门核定数为准，清单类指标逐项列明并附证明材料。",
            "2.说明原因。系统提示与上年变化较大或与有关数据不一致的，应逐项核对并说明原因。",
        ]
    )


def report_by_letters(season: Season) -> list[Paper]:
    """报送函: every reviewing office reports what it approved; one voids its letter, one must write again.

    Between the city's review and the province's receipt, in the season's own days.
    """
    letters: list[Paper] = []
    for place, parts in enumerate(_by_office(season)):
        with clock.playing(season.at(7, 1, place * 20)):
            letters.append(_report(season, parts))
    offices = _by_office(season)
    with clock.playing(season.at(7, 2)):
        signer = season.counties.cast.signer(offices[0][0].submission)
        void_paper(actor=signer, paper_id=letters[0].public_id, reason=_VOIDED)
        letters.append(_report(season, offices[0]))
    changed = next(parts for parts in offices if any(part.is_shown for part in parts))
    _change_later(season, next(part for part in changed if not part.is_shown))
    with clock.playing(season.at(7, 4)):
        letters.append(_report(season, changed))
    with clock.playing(season.at(7, 5)):
        for letter in letters:
            have_read(letter)
    season.stage.say(
        f"{season.data_year}年度：{len(offices)}个审核单位以函报送，其中撤销1件、失效1件并重新报送"
    )
    return letters


def _by_office(season: Season) -> list[list[Part]]:
    offices: dict[int, list[Part]] = {}
    for part in season.parts:
        offices.setdefault(part.submission.reviewing_office_id, []).append(part)
    return list(offices.values())


def _report(season: Season, parts: Sequence[Part]) -> Paper:
    cast, submission = season.counties.cast, parts[0].submission
    drafter, signer = cast.reviewer(submission), cast.signer(submission)
    register = Register.objects.get(office=drafter.office, layout=Layout.LETTER)
    draft = start_draft(
        actor=drafter,
        kind=SUBMISSION_LETTER,
        register=register.public_id,
        subject=str(season.collection.public_id),
    )
    # An office of two: whoever signs has checked.
    return _issue(draft, drafter, signer, signer)


def _change_later(season: Season, part: Part) -> None:
    """The province asks once more after the letter is out, and the county changes its sheet."""
    answer = first_count(part.year)
    name = season.counties.catalogue.specs[answer.indicator].name
    with clock.playing(season.at(7, 2, 60)):
        comment = f"“{name}”的口径请在说明中写明。"
        season.counties.send_back(part.submission, comment, unexplained_jump(answer.indicator))
    explained = replace(answer, note="口径为年末在册数，已与县市场监管局核对。")
    season.correct_figures(part, [explained], season.at(7, 3))
    with clock.playing(season.at(7, 3, 120)):
        season.counties.approve(part.submission)


def _issue(draft: Draft, drafter: User, checker: User, signer: User) -> Paper:
    steps = (
        (drafter, DraftAction.SEND),
        (checker, DraftAction.CHECK),
        (signer, DraftAction.ISSUE),
    )
    for actor, action in steps:
        draft = move_draft(actor=actor, draft_id=draft.public_id, move=Move(action))
    assert draft.paper is not None  # noqa: S101 -- the last step issues
    return draft.paper
