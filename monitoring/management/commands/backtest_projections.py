"""`manage.py backtest_projections`: learn from finished years and print how far the method was off."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from county_portal.common import clock
from monitoring.actions.calibrating import calibrate
from monitoring.selectors.calibrations import list_tested, read_calibration
from monitoring.selectors.projections import newest_call


class Command(BaseCommand):
    """Errors in per cent of the year's figure, by indicator and month, against two naive ways."""

    help = "以往年月报回测年末预测，打印误差"

    def add_arguments(self, parser: CommandParser) -> None:
        """The year whose projections are to be tested."""
        parser.add_argument("--year", type=int, default=clock.today().year)

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line an indicator and month, then the means."""
        call = newest_call(options["year"])
        if call is None:
            raise CommandError(f"{options['year']}年没有布置月报。")
        calibrate(call)
        kept = read_calibration(options["year"])
        if kept is None or kept.totals is None:
            raise CommandError("样本不足：往年没有完整的月报，不能回测。")
        self.stdout.write(f"样本{kept.samples}个县年，年度{kept.years}；误差为占年末数的%")
        for row in list_tested(kept):
            self.stdout.write(row.name)
            for cell in row.cells:
                mark = "" if cell.is_better else "  未优于基线"
                self.stdout.write(
                    f"  {cell.month:2}月  本法{cell.ours:>7}  按月推算{cell.straight:>7}"
                    f"  上年数{cell.before:>7}  区间覆盖{cell.coverage or '—':>7}{mark}"
                )
        total = kept.totals
        self.stdout.write(
            f"平均  本法{total.ours}  按月推算{total.straight}  上年数{total.before}"
            f"  区间覆盖{total.coverage or '—'}（应约80）"
        )
