"""The whole programme, in the order of the years."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings

from applications.enums import AcceptanceOutcome
from applications.models import Pilot, PilotRound
from county_portal.demo.programme.accepting import Accepting, conclude
from county_portal.demo.programme.batches import PastBatch
from county_portal.demo.programme.building import change_target, extend, resume, suspend
from county_portal.demo.programme.present import PresentRound
from county_portal.demo.programme.register import Batch, load_batches
from county_portal.demo.programme.reporting import Manners, Reporting
from county_portal.demo.programme.setting import Setting, count_anew, read_setting
from county_portal.demo.programme.townships import play_past_townships, play_townships
from county_portal.demo.season import Stage
from county_portal.demo.story import PROGRAMME
from county_portal.notices.actions import quiet
from indicators.importer import import_system

# Who does not do as the others, in the batch they belong to.
EXTENDED: str = PROGRAMME["extended"]
CHANGED: str = PROGRAMME["changed"]
SUSPENDED: str = PROGRAMME["suspended"]
# Sent to put things right, and accepted the second time.
RECTIFIED: str = PROGRAMME["rectified"]


def _manners(batch: int) -> Manners:
    named = PROGRAMME["manners"][batch]
    return Manners(**{name: frozenset(map(tuple, pairs)) for name, pairs in named.items()})


@dataclass
class Programme:
    """Two batches that lie behind, or nearly, and this year's round."""

    stage: Stage
    setting: Setting = field(init=False)
    pilots: dict[str, Pilot] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.setting = read_setting(self.stage, import_system(settings.PROVINCE, "pilot"))

    def play(self) -> PilotRound:
        """Everything; nobody's inbox is to hold what was done with years ago."""
        with self.stage.timed("pilots"):
            self.play_batches()
            return self.play_present()

    def play_batches(self) -> None:
        """The first from beginning to end, the second up to today."""
        first, second = load_batches()
        with quiet():
            self._play_first(first)
            self._play_second(second)

    def play_present(self) -> PilotRound:
        """This year's round."""
        count_anew()
        call = PresentRound(self.setting).play()
        play_townships(self.setting)
        self.stage.say(f"{call.title}：申报进行中，{call.applications.count()}个县（市、区）")
        return call

    def _take_up(self, batch: Batch) -> list[Pilot]:
        count_anew()
        pilots = PastBatch(self.setting, batch).play()
        self.pilots |= {pilot.region.code: pilot for pilot in pilots}
        self.stage.say(f"{batch.year}年批次：{len(pilots)}个试点县（市、区）")
        return pilots

    def _play_first(self, batch: Batch) -> None:
        pilots = self._take_up(batch)
        reporting = Reporting(self.setting, pilots, _manners(0))
        self._report(reporting, 2018)
        self._report(reporting, 2019)
        extend(self.setting, self.pilots[EXTENDED], date(2022, 2, 28), on=date(2020, 6, 15))
        self._report(reporting, 2020)
        self._accept_first(pilots)

    def _play_second(self, batch: Batch) -> None:
        pilots = self._take_up(batch)
        reporting = Reporting(self.setting, pilots, _manners(1))
        self._report(reporting, 2023)
        change_target(self.setting, self.pilots[CHANGED], 2025, on=date(2024, 5, 13))
        suspend(self.setting, self.pilots[SUSPENDED], on=date(2024, 6, 5))
        resume(self.setting, self.pilots[SUSPENDED], on=date(2024, 11, 20))
        townships = play_past_townships(self.setting)
        reporting = Reporting(self.setting, [*pilots, *townships], _manners(1))
        self._report(reporting, 2024)
        self._report(reporting, 2025)
        self._accept_second()

    def _report(self, reporting: Reporting, year: int) -> None:
        received = reporting.play_year(year)
        count_anew()
        reporting.sum_up(year)
        self.stage.say(f"{year}年度：接收建设进展报告{received}份")

    def _accept_first(self, pilots: Sequence[Pilot]) -> None:
        """Six pass at once, one after putting things right; the extended one comes last."""
        for place, pilot in enumerate(pilots):
            code = pilot.region.code
            begins = date(2021, 5, 10 + place)
            if code == RECTIFIED:
                by = date(2021, 12, 15)
                conclude(self.setting, pilot, begins, AcceptanceOutcome.RECTIFY, by)
                conclude(self.setting, pilot, date(2021, 10, 12))
            elif code == EXTENDED:
                conclude(self.setting, pilot, date(2021, 10, 20))
            else:
                conclude(self.setting, pilot, begins)
        self.stage.say(f"第一批：{len(pilots)}个试点通过总结验收，其中整改后通过1个")

    def _accept_second(self) -> None:
        """Under way: its window is open, and every state is there."""
        under_way = 0
        for place, (code, way) in enumerate(PROGRAMME["acceptances"]):
            play = Accepting(self.setting, self.pilots[code], date(2026, 8, 20 + place))
            _WAYS[way](play.begin())
            under_way += 1
        self.stage.say(f"第二批：{under_way}个试点正在总结验收")


def _decided(play: Accepting) -> Accepting:
    return _proposed(play).decide()


def _proposed(play: Accepting) -> Accepting:
    return _examined(play).propose(AcceptanceOutcome.PASSED)


def _examined(play: Accepting, opinions: int | None = None) -> Accepting:
    return play.hand_in().be_accepted().pass_city().examine(opinions=opinions)


# How far each of the second batch has come; the others have not begun.
_WAYS: Mapping[str, Callable[[Accepting], object]] = {
    "begun": lambda play: play,
    "handed_in": lambda play: play.hand_in(),
    "accepted": lambda play: play.hand_in().be_accepted(),
    "returned": lambda play: play.hand_in().be_accepted().be_returned(),
    "passed_city": lambda play: play.hand_in().be_accepted().pass_city(),
    "half_examined": lambda play: _examined(play, opinions=1),
    "proposed": _proposed,
    "decided": _decided,
}
