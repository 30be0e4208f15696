"""The table of the portal's variables, for those who run it."""

from pathlib import Path

from django.conf import settings

TABLE = Path(settings.BASE_DIR) / "docs" / "运行维护" / "配置项.md"
_HEAD = """\
# 配置项

门户只读取下列环境变量。本页由`manage.py document_settings`根据`county_portal/settings/environment.py`生成，
请勿手工修改。
“必填”指正式环境（`county_portal.settings.production`）不填不能启动；`make run`会自行设置所需各项。

| 环境变量 | 用途 | 必填 | 默认值 | 例 |
|---|---|---|---|---|
"""


def settings_table() -> str:
    """The page whole, as Markdown."""
    rows = [
        f"| `{row.name}` | {row.words} | {'是' if row.is_required else ''} "
        f"| {_code(row.default)} | {_code(row.example)} |"
        for row in settings.PORTAL_VARIABLES
    ]
    return _HEAD + "\n".join(rows) + "\n"


def _code(text: str) -> str:
    return f"`{text}`" if text else ""
