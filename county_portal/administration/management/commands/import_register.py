"""`manage.py import_register`: what a new installation stands on, from the province's data files."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from county_portal.accounts.importer import import_province
from county_portal.common.errors import Invalid
from county_portal.documents.importer import import_registers
from indicators.importer import import_system
from scoring.actions.schemes import import_scheme


class Command(BaseCommand):
    """Regions and offices, indicator system, scheme, document registers; nothing where regions are already."""

    help = "Import regions, offices, the indicator system, its scheme and the document registers of PROVINCE."

    def handle(self, *args: Any, **options: Any) -> None:
        """All or nothing."""
        try:
            with transaction.atomic():
                made = import_province(settings.PROVINCE)
                if not made.regions:
                    raise CommandError("已经登记过区划和单位，没有改动任何内容。")
                version = import_system(settings.PROVINCE)
                import_scheme(settings.PROVINCE, version.system)
                registers = import_registers(settings.PROVINCE)
        except Invalid as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write(
            f"已登记区划{made.regions}个、单位{made.offices}个、发文登记簿{registers}本。"
        )
