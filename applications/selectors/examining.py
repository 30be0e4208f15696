"""What the province wants on record before it concludes an acceptance, and what of it is there."""

from collections.abc import Sequence
from dataclasses import dataclass

from applications.enums import SheetState
from applications.models import Acceptance, AcceptanceRecord
from applications.rules.examining import Needs, lacking_of, lacking_records, read_needs
from county_portal.common.province_files import has_province_file, read_province_json

SETTINGS = "acceptance.json"


def province_needs() -> Needs:
    """As the installation's province sets it; the default where it sets nothing."""
    return read_needs(read_province_json(SETTINGS)) if has_province_file(SETTINGS) else Needs()


@dataclass(frozen=True, slots=True)
class Examined:
    """What is wanted, and which records are still to be made: for everybody. Opinions are the province's to count."""

    needs: Needs
    lacking: Sequence[str]


def read_examined(records: Sequence[AcceptanceRecord]) -> Examined:
    """Of an acceptance with these records."""
    needs = province_needs()
    return Examined(needs, lacking_records(needs, {record.kind for record in records}))


def list_lacking(acceptance: Acceptance) -> list[str]:
    """What stands against a conclusion, opinions too; two queries."""
    held = set(acceptance.records.values_list("kind", flat=True))
    given = acceptance.opinions.filter(state=SheetState.GIVEN).count()
    return list(lacking_of(province_needs(), held, given))
