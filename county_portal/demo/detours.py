"""The last season, in which not everything goes straight: Excel, a latecomer, letters that must be written anew."""

from datetime import datetime

from county_portal.common import clock
from county_portal.demo.openings import play_late_opening
from county_portal.demo.papers import call_for_figures, report_by_letters
from county_portal.demo.receipt import have_read
from county_portal.demo.season import Part, Season
from county_portal.demo.story import STORY
from county_portal.demo.workbooks import play_workbooks

# Places in the register. The first of those in Excel meets what a colleague wrote on the web meanwhile.
IN_EXCEL: tuple[int, ...] = tuple(STORY["in_excel"])
LATECOMER: int = STORY["latecomer"]


class DetouringSeason(Season):
    """A season with workbooks, one of them merged over a conflict, and a county let in after the close."""

    def open(self) -> None:
        """As always; the latecomer is left out of what the others do in time."""
        super().open()
        self.latecomer = next(part for part in self.parts if part.place == LATECOMER)
        self.parts.remove(self.latecomer)
        with self.stage.timed("papers"), clock.playing(self.at(3, 1, 60)):
            have_read(call_for_figures(self.counties.cast, self.collection))

    def report(self) -> None:
        """By letters that are bound to the sheets."""
        with self.stage.timed("papers"):
            report_by_letters(self)

    def _fill_in(self, part: Part, moment: datetime) -> None:
        if part.place not in IN_EXCEL:
            super()._fill_in(part, moment)
            return
        with clock.playing(moment):
            self.counties.fill(part.submission, self._answers(part))
            play_workbooks(
                [(self.counties.cast.filler(part.submission), part.submission)],
                with_conflict=part.place == IN_EXCEL[0],
            )
            self.counties.hand_in(part.submission)

    def receive(self) -> None:
        """The others first; then the province opens the latecomer's form, and takes it in too."""
        super().receive()
        part = self.latecomer
        play_late_opening(
            self.counties, part.submission, list(part.year.answers), self.at(7, 8, 30)
        )
        with clock.playing(self.at(7, 14)):
            self.counties.receive(part.submission)
        self.parts.insert(LATECOMER, part)
        name = part.submission.region.full_name
        self.stage.say(f"{self.data_year}年度：{len(IN_EXCEL)}县用Excel填报，{name}截止后补报")
