"""Measure anew how often honest data sets each hint off, and write the file the pages read."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from scoring.watch.rates import STORED, false_alarms


class Command(BaseCommand):
    help = "以生成的如实数据重新测算异常线索的误报率，写入 scoring/watch/false_alarms.json"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--collections", type=int, default=500)

    def handle(self, *args: Any, **options: Any) -> None:
        rates = false_alarms(options["seed"], options["collections"])
        document = {
            "seed": options["seed"],
            "collections": options["collections"],
            "rates": {
                test.value: {"alarms": rate.alarms, "tested": rate.tested}
                for test, rate in rates.items()
            },
        }
        text = json.dumps(document, indent=2, sort_keys=True)
        STORED.write_text(f"{text}\n", encoding="utf-8")
        for test, rate in rates.items():
            self.stdout.write(
                f"{test.label}：{rate.tested}次检验，误报{rate.alarms}次（{rate.percent}%）"
            )
