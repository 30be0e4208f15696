"""The unattended year: from an empty database to the documents of the last list, worker and all."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.core.management.base import CommandError

from county_portal.demo.board import play_board
from county_portal.demo.cast import Cast
from county_portal.demo.deputies import play_deputies
from county_portal.demo.early_warning import play_early_warning, reporting
from county_portal.demo.ledgers import play_ledgers
from county_portal.demo.load import DATA_YEARS, is_loaded, play_years, prepare
from county_portal.demo.monthly import months_reported, play_monthly
from county_portal.demo.programme.outputs import ProgrammeFiles
from county_portal.demo.programme.play import Programme
from county_portal.demo.season import Stage
from county_portal.demo.summary import Batches, summarise
from county_portal.demo.uplift import play_plans
from county_portal.demo.waiting import wait_for, wait_until_done
from county_portal.documents.actions.standing import void_paper
from county_portal.documents.enums import PAPER_FILES_JOB
from county_portal.documents.pdf import pdf_available
from county_portal.files.models import StoredFile
from county_portal.files.store import path_of
from county_portal.jobs.enums import UNFINISHED
from county_portal.jobs.models import Job
from reports.actions.cards import start_batch
from reports.selectors.files import newest_files
from scoring.archive import archive_of
from scoring.models import PublishedList
from scoring.selectors.lists import file_jobs, list_files

# Cards that are voided and issued anew, to see that nothing else is rendered again.
VOIDED_CARDS = 5
_MISPRINTED = "印制时缺页，另行出具。"


@dataclass(frozen=True, slots=True)
class Year:
    """What the command leaves in its folder."""

    out: Path
    say: Callable[[str], object]

    def play(self) -> dict[str, object]:
        """Play everything, write the documents, return the summary.

        Raises CommandError on a database that is not empty, or when the worker does not answer.
        """
        if is_loaded():
            raise CommandError(
                "数据库不是空的：run_demo_year只能在空数据库上运行，请新建数据库后再试。"
            )
        self.out.mkdir(parents=True, exist_ok=True)
        # Each act commits by itself, as on the web.
        stage = prepare(self.say, wait_until_done)
        lists = play_years(stage)
        self._report_months(stage, lists[-1])
        play_early_warning(stage, lists[-1].collection, DATA_YEARS)
        Programme(stage).play()
        with stage.timed("measures"):
            play_ledgers(stage.counties.cast, self.say)
        play_plans(stage)
        play_deputies(stage)
        play_board(stage)
        with stage.timed("pdf"):
            for published in lists:
                self._wait_for_files(published)
            self._keep_list(lists[-1])
            batches = self._make_cards(stage, lists[-1])
            self._wait_for_papers()
            ProgrammeFiles(self.out, self.say).make(stage.counties.cast)
        (self.out / "run.zip").write_bytes(archive_of(lists[-1].run))
        return summarise(lists, stage.seconds, batches)

    def _report_months(self, stage: Stage, published: PublishedList) -> None:
        """This year's monthly figures of counties of the last collection."""
        submissions = published.collection.submissions.select_related("region")
        counties = reporting(list(submissions.order_by("region__code")))
        with stage.timed("monthly"):
            call = play_monthly(stage.counties.cast, stage.version, counties)
        if call is not None:
            self.say(f"{call.year}年月报：{months_reported(call)['figures']}个数")

    def _wait_for_files(self, published: PublishedList) -> None:
        """The files were ordered by the publication; without Pango the paper's cannot be made."""
        jobs = file_jobs(published)
        if not jobs:
            raise CommandError(f"{published}没有生成文件的任务。")
        for job in jobs:
            if pdf_available():
                wait_until_done(job)
            else:
                wait_for(job)

    def _keep_list(self, published: PublishedList) -> None:
        made = list_files(published)
        for kind in ("pdf", "docx", "xlsx"):
            if kind in made:
                self._keep(made[kind], f"list.{kind}")
            else:
                self.say(f"本机缺少生成PDF所需的系统组件（Pango），list.{kind}未生成。")

    def _wait_for_papers(self) -> None:
        """Letters and notices have files too."""
        for job in Job.objects.filter(kind=PAPER_FILES_JOB, state__in=UNFINISHED):
            if pdf_available():
                wait_until_done(job)
            else:
                wait_for(job)

    def _make_cards(self, stage: Stage, published: PublishedList) -> Batches:
        """All of them; then a few are voided, and the second batch makes those alone."""
        if not pdf_available():
            self.say("本机缺少生成PDF所需的系统组件（Pango），得分说明书未生成。")
            return Batches()
        year, cast = published.collection.data_year, stage.counties.cast
        job, first = self._batch(cast, published)
        self.say(f"{year}年度：批量生成得分说明书{job.expected}份，用时{first:.1f}秒")
        regions = list(published.rows.values_list("region", flat=True)[:VOIDED_CARDS])
        for made in newest_files(published, regions).values():
            if made.paper:
                void_paper(actor=cast.publisher, paper_id=made.paper.public_id, reason=_MISPRINTED)
        again, second = self._batch(cast, published)
        self.say(f"{year}年度：撤销{VOIDED_CARDS}份后重新生成，用时{second:.1f}秒")
        if again.result_file is None:
            raise CommandError(f"后台任务“{again.title}”没有结果文件。")
        self._keep(again.result_file, "report-cards.zip")
        return Batches(job.expected, first, second)

    @staticmethod
    def _batch(cast: Cast, published: PublishedList) -> tuple[Job, float]:
        """One batch and the seconds the worker was at it."""
        job, _ = start_batch(actor=cast.manager, list_id=published.public_id)
        wait_until_done(job)
        job.refresh_from_db()
        if job.started_at is None or job.finished_at is None:
            raise CommandError(f"后台任务“{job.title}”没有起止时间。")
        return job, (job.finished_at - job.started_at).total_seconds()

    def _keep(self, file: StoredFile, name: str) -> None:
        (self.out / name).write_bytes(path_of(file.sha256).read_bytes())
        self.say(f"已写出{name}（{file.size}字节）")
