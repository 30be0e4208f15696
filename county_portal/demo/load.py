"""The demonstration a visitor finds: three published years, last year's figures, a collection and a
pilot round in full swing, two batches of pilots."""

from collections.abc import Callable

from django.conf import settings
from django.core.management.base import CommandError
from django.db import transaction

from county_portal.accounts.importer import import_province
from county_portal.accounts.models import Region
from county_portal.accounts.roles import Level
from county_portal.common import clock
from county_portal.common.province import province
from county_portal.demo.accounts import create_accounts, require_demonstration
from county_portal.demo.acts import Counties, read_catalogue
from county_portal.demo.board import play_board
from county_portal.demo.cast import read_cast
from county_portal.demo.correction import correct
from county_portal.demo.current import CurrentCollection
from county_portal.demo.deputies import play_deputies
from county_portal.demo.detours import DetouringSeason
from county_portal.demo.early_warning import play_early_warning
from county_portal.demo.interface import play_interface
from county_portal.demo.ledgers import play_ledgers
from county_portal.demo.programme.play import Programme
from county_portal.demo.season import CORRECTED_YEAR, Season, Stage
from county_portal.demo.uplift import play_plans
from county_portal.documents.importer import import_registers
from county_portal.jobs import runner
from county_portal.jobs.models import Job
from county_portal.notices.actions import quiet
from indicators.importer import import_system
from scoring.actions.schemes import import_scheme
from scoring.models import PublishedList

DATA_YEARS = (2018, 2019, 2020)


def prepare(
    say: Callable[[str], object],
    finish_job: Callable[[Job], None],
) -> Stage:
    """Register, indicator system, scheme and accounts; returns the stage to play on."""
    require_demonstration()
    with transaction.atomic():
        register = import_province(settings.PROVINCE)
        version = import_system(settings.PROVINCE)
        scheme_version = import_scheme(settings.PROVINCE, version.system)
        registers = import_registers(settings.PROVINCE)
        accounts = create_accounts()
    say(
        f"载入区划{register.regions}个、单位{register.offices}个、发文登记簿{registers}本、演示账号{accounts}个"
    )
    counties = Counties(read_cast(), read_catalogue(version))
    return Stage(counties, version, scheme_version, finish_job, say)


def is_loaded() -> bool:
    """Whether there is anything already."""
    return Region.objects.exists()


def require_same_province() -> None:
    """Refuse to serve one province from the data of another. Raises CommandError."""
    there = Region.objects.filter(level=Level.PROVINCE, valid_to__isnull=True).first()
    wanted = province().name
    if there and there.name != wanted:
        raise CommandError(
            f"数据库中已是{there.name}的数据，不能作为{wanted}运行。请换一个空的VAR_DIR（数据目录），或改正PROVINCE。"
        )


@transaction.atomic
def load(say: Callable[[str], object]) -> dict[str, float]:
    """Play everything in this process, all or nothing; returns seconds by stage.

    One transaction: what is interrupted leaves nothing half loaded, and the disk is waited for once. The
    files of the lists are left to the worker, which is woken by the commit.
    """
    stage = prepare(say, lambda job: runner.work(job.pk))
    play_years(stage)
    # Not published: it only gives this year's forms something to be held against.
    with quiet():
        Season(stage, clock.today().year - 2).collect()
    current = CurrentCollection(stage).play()
    play_early_warning(stage, current, DATA_YEARS)
    Programme(stage).play()
    play_interface(stage)
    with stage.timed("measures"):
        play_ledgers(stage.counties.cast, say)
    play_plans(stage)
    play_deputies(stage)
    play_board(stage)
    return stage.seconds


def play_years(stage: Stage) -> list[PublishedList]:
    """The published years, one of them corrected; returns the lists in the order of publication."""
    lists = []
    # They lie behind: nobody's inbox is to hold what was done with years ago.
    with quiet():
        for data_year in DATA_YEARS:
            season = _season(stage, data_year)
            lists.append(season.play())
            if data_year == CORRECTED_YEAR:
                lists.append(correct(season, lists[-1]))
    return lists


def _season(stage: Stage, data_year: int) -> Season:
    return (DetouringSeason if data_year == DATA_YEARS[-1] else Season)(stage, data_year)
