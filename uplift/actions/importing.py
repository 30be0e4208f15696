"""A plan out of a province's data file: read against its schema, played through the acts."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import jsonschema
from django.conf import settings

from county_portal.accounts.models import Region, User, fold_variants
from county_portal.common.province_files import province_file
from indicators.models import SystemVersion
from uplift.actions.drafts import DraftKey, Edit, NewPlan, begin_plan, edit_draft
from uplift.models import PlanVersion
from uplift.rules.text import PlanText, TargetLine, text_of
from uplift.selectors.plans import counties_of

SCHEMA = Path(__file__).resolve().parents[1] / "data" / "plan.schema.json"


def read_plan_file(name: str, province: str = "") -> dict[str, Any]:
    """The document `provinces/<key>/uplift/<name>.json`.

    Raises ValueError saying where it departs from the schema.
    """
    content = province_file(f"uplift/{name}.json", province).read_text(encoding="utf-8")
    document = json.loads(content)
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    faults = sorted(
        jsonschema.Draft202012Validator(schema).iter_errors(document),
        key=lambda each: each.json_path,
    )
    if faults:
        raise ValueError(f"{name}: {faults[0].json_path}: {faults[0].message}")
    return dict(document)


def plan_text(document: Mapping[str, Any], counties: Mapping[str, str]) -> PlanText:
    """The text with counties by code; `counties` is name by code, in which 井陘 is found as 井陉.

    Raises ValueError for a county that is not among them, or whose name is borne by two of them.
    """
    codes: dict[str, list[str]] = {}
    for code, name in counties.items():
        codes.setdefault(fold_variants(name), []).append(code)
    stages = []
    for stage in document["stages"]:
        moves = []
        for name, before, after in stage["moves"]:
            found = codes.get(fold_variants(name), [])
            if len(found) != 1:
                raise ValueError(f"{stage['name']}: {name} is not one county of the office.")
            moves.append([found[0], before, after])
        stages.append({**stage, "moves": moves})
    return text_of({**document, "stages": stages})


def import_plan(*, actor: User, name: str, system_version: SystemVersion) -> PlanVersion:
    """Draw the plan of a data file up as its office's clerk; handing in and settling are others' acts."""
    document = read_plan_file(name, settings.PROVINCE)
    return draft_of(actor=actor, document=document, system_version=system_version)


def draft_of(
    *, actor: User, document: Mapping[str, Any], system_version: SystemVersion
) -> PlanVersion:
    """A draft with a document's text."""
    begun = begin_plan(
        actor=actor,
        data=NewPlan(
            system_version,
            document["title"],
            document["base_year"],
            document["from_year"],
            document["to_year"],
        ),
    )
    counties: list[Region] = counties_of(actor.office)
    text = plan_text(document, {region.code: region.name for region in counties})
    key = DraftKey(UUID(str(begun.public_id)), begun.revision)
    return edit_draft(actor=actor, key=key, edit=lambda _: text)


def issued_on(document: Mapping[str, Any]) -> date:
    """The day the document bears."""
    return date.fromisoformat(document["issued_on"])


def with_targets(lines: Sequence[TargetLine]) -> Edit:
    """The edit that puts these targets in place of a draft's; a line that was there keeps its sentence."""

    def edit(text: PlanText) -> PlanText:
        sentences = {line.key: line.sentence for line in text.lines}
        kept = [replace(line, sentence=sentences.get(line.key, "")) for line in lines]
        return replace(text, lines=tuple(kept))

    return edit
