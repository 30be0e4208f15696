"""Who plays which part in a province's demonstration: counties by code, from `demo/story.json` of its folder."""

from collections.abc import Mapping
from typing import Any

from county_portal.common.province_files import read_province_json

STORY: Mapping[str, Any] = read_province_json("demo/story.json")
SHOWN: Mapping[str, Any] = STORY["shown"]
PROGRAMME: Mapping[str, Any] = STORY["programme"]
