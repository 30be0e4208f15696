"""What the unattended year leaves of the programme: the list of pilots, a year's workbook, an evidence pack."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.core.management.base import CommandError

from applications.enums import ListState
from applications.models import Pilot, PilotList
from county_portal.accounts.roles import Level
from county_portal.demo.cast import Cast
from county_portal.demo.waiting import wait_until_done
from county_portal.documents.pdf import pdf_available
from county_portal.documents.selectors.papers import paper_files
from county_portal.files.models import StoredFile
from county_portal.files.store import path_of
from county_portal.jobs.models import Job
from reports.actions.outputs import start_workbook
from reports.actions.packs import start_pack
from reports.models import EvidencePack

# The last year whose reports were received.
LAST_YEAR = 2025
# Pilots of the first batch for which everything is packed; the first's is kept.
PACKED = 3


@dataclass(frozen=True, slots=True)
class ProgrammeFiles:
    """Files of the programme, made by the worker and copied out."""

    out: Path
    say: Callable[[str], object]

    def make(self, cast: Cast) -> None:
        """All of them. Raises CommandError where a job fails."""
        self._keep_list()
        job, _ = start_workbook(actor=cast.manager, year=LAST_YEAR)
        self._keep(result_of(job), "progress-summary.xlsx")
        if pdf_available():
            self._pack(cast)
        else:
            self.say("本机缺少生成PDF所需的系统组件（Pango），证据包未生成。")

    def _pack(self, cast: Cast) -> None:
        first = Pilot.objects.order_by("round__year", "region__code")[:PACKED]
        for pilot in first:
            job, _ = start_pack(actor=cast.manager, pilot_id=pilot.public_id)
            wait_until_done(job)
        packs = EvidencePack.objects.select_related("file").filter(pilot=first[0])
        self._keep(packs.latest("built_at").file, "evidence-pack.zip")

    def _keep_list(self) -> None:
        """Of the last batch of counties; without Pango there is none."""
        of_counties = PilotList.objects.filter(round__unit_level=Level.COUNTY)
        published = of_counties.filter(state=ListState.PUBLISHED).latest("published_at")
        if published.paper is None:
            raise CommandError(f"{published}没有公文。")
        file = paper_files(published.paper).get("pdf")
        if file is None:
            self.say("本机缺少生成PDF所需的系统组件（Pango），pilot-list.pdf未生成。")
        else:
            self._keep(file.file, "pilot-list.pdf")

    def _keep(self, file: StoredFile, name: str) -> None:
        (self.out / name).write_bytes(path_of(file.sha256).read_bytes())
        self.say(f"已写出{name}（{file.size}字节）")


def result_of(job: Job) -> StoredFile:
    """The file a job made, once it has. Raises CommandError where there is none."""
    wait_until_done(job)
    job = Job.objects.select_related("result_file").get(pk=job.pk)
    if job.result_file is None:
        raise CommandError(f"后台任务“{job.title}”没有结果文件。")
    return job.result_file
