"""The unattended year: from an empty database to the documents of the last list, worker and all."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.core.management.base import CommandError

from county_portal.demo.load import is_loaded, play_years, prepare
from county_portal.demo.monthly import months_reported, play_monthly
from county_portal.demo.season import Stage
from county_portal.demo.summary import summarise
from county_portal.demo.waiting import wait_for, wait_until_done
from county_portal.documents.pdf import pdf_available
from county_portal.files.models import StoredFile
from county_portal.files.store import path_of
from reports.actions import start_batch
from scoring.archive import archive_of
from scoring.models import PublishedList
from scoring.selectors.lists import file_jobs, list_files

# Counties whose months are played.
MONTHLY_COUNTIES = 6


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
        with stage.timed("pdf"):
            for published in lists:
                self._wait_for_files(published)
            self._keep_list(lists[-1])
            self._make_cards(stage, lists[-1])
        (self.out / "run.zip").write_bytes(archive_of(lists[-1].run))
        return summarise(lists, stage.seconds)

    def _report_months(self, stage: Stage, published: PublishedList) -> None:
        """This year's monthly figures of the first counties of the last collection."""
        submissions = published.collection.submissions.select_related("region").order_by(
            "region__code"
        )[:MONTHLY_COUNTIES]
        with stage.timed("monthly"):
            call = play_monthly(stage.counties.cast, stage.version, list(submissions))
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

    def _make_cards(self, stage: Stage, published: PublishedList) -> None:
        if not pdf_available():
            self.say("本机缺少生成PDF所需的系统组件（Pango），得分说明书未生成。")
            return
        manager = stage.counties.cast.manager
        job, _ = start_batch(actor=manager, list_id=published.public_id)
        self.say(f"{published.collection.data_year}年度：批量生成得分说明书{job.expected}份")
        wait_until_done(job)
        job.refresh_from_db()
        if job.result_file is None:
            raise CommandError(f"后台任务“{job.title}”没有结果文件。")
        self._keep(job.result_file, "report-cards.zip")

    def _keep(self, file: StoredFile, name: str) -> None:
        (self.out / name).write_bytes(path_of(file.sha256).read_bytes())
        self.say(f"已写出{name}（{file.size}字节）")
