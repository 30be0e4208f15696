"""Registers of a province's offices (发文登记簿) from its data file."""

import csv

from django.db import transaction

from county_portal.accounts.models import Office
from county_portal.audit.actions import Entry, record
from county_portal.common.province_files import province_file
from county_portal.documents.models import Register


@transaction.atomic
def import_registers(province: str) -> int:
    """Make those of the province's `registers.csv` that are not there yet; returns how many.

    One already there keeps what its office has made of it. Offices come first: a row of one that the
    register of offices does not know is left out.
    """
    with province_file("registers.csv", province).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    offices = {office.name: office for office in Office.objects.all()}
    there = set(Register.objects.values_list("prefix", flat=True))
    registers = [
        Register(office=offices[row.pop("office")], **row)
        for row in rows
        if row["office"] in offices and row["prefix"] not in there
    ]
    Register.objects.bulk_create(registers)
    if registers:
        detail = {"prefixes": [register.prefix for register in registers]}
        record(None, Entry("import_registers", "register", province, detail))
    return len(registers)
