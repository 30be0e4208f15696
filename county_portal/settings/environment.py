"""All reading of the environment, typed, in one place.

A missing or unsafe variable stops start-up with its name and what to write there.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT_DIR = Path(__file__).resolve().parent.parent.parent


class Environment(BaseSettings):
    """The variables the portal reads; `.env.sample` shows each with an example."""

    model_config = SettingsConfigDict(extra="ignore", case_sensitive=True)

    database_url: str = Field(default="", alias="DATABASE_URL")
    redis_url: str = Field(default="", alias="REDIS_URL")
    secret_key: str = Field(default="", alias="SECRET_KEY")
    allowed_hosts: str = Field(default="", alias="ALLOWED_HOSTS")
    trusted_origins: str = Field(default="", alias="CSRF_TRUSTED_ORIGINS")
    debug: bool = Field(default=False, alias="DEBUG")
    var_dir: Path = Field(default=PROJECT_DIR / "var" / "dev", alias="VAR_DIR")
    app_role: str = Field(default="", alias="PORTAL_APP_ROLE")
    province: str = Field(default="hebei", alias="PROVINCE")
    log_file: str = Field(default="", alias="LOG_FILE")
    proxy_count: int = Field(default=0, alias="TRUSTED_PROXY_COUNT")
    email_url: str = Field(default="", alias="EMAIL_URL")
    email_from: str = Field(default="", alias="EMAIL_FROM")
    portal_url: str = Field(default="", alias="PORTAL_URL")
    document_keys_dir: str = Field(default="", alias="DOCUMENT_KEYS_DIR")
    document_signer: str = Field(default="", alias="DOCUMENT_SIGNER")
    document_seals_dir: str = Field(default="", alias="DOCUMENT_SEALS_DIR")
    version: str = Field(default="0.1.0", alias="PORTAL_VERSION")
    commit: str = Field(default="", alias="PORTAL_COMMIT")
    clamav_socket: str = Field(default="", alias="CLAMAV_SOCKET")
    sign_in_address: Literal["network", "full"] = Field(default="network", alias="SIGN_IN_ADDRESS")
    host_unit: str = Field(default="", alias="SITE_HOST_UNIT")
    icp_number: str = Field(default="", alias="SITE_ICP_NUMBER")
    site_code: str = Field(default="", alias="SITE_CODE")
    open_licence: str = Field(default="", alias="OPEN_DATA_LICENCE")
    open_licence_url: str = Field(default="", alias="OPEN_DATA_LICENCE_URL")
    open_terms: str = Field(default="", alias="OPEN_DATA_TERMS")

    def listed(self, text: str) -> list[str]:
        """Split a comma-separated variable, dropping blanks."""
        return [part.strip() for part in text.split(",") if part.strip()]


class SuiteProcess(BaseSettings):
    """What a process of the test suite is told, where several run side by side."""

    model_config = SettingsConfigDict(extra="ignore", case_sensitive=True)

    worker: str = Field(default="", alias="PYTEST_XDIST_WORKER")
    database_template: str = Field(default="", alias="TEST_DATABASE_TEMPLATE")

    def own_redis(self, redis_url: str) -> str:
        """Return the same server's database number 1 for gw0, 2 for gw1; the URL itself outside a worker."""
        if not self.worker or not redis_url:
            return redis_url
        number = int(self.worker.removeprefix("gw")) + 1
        parts = urlsplit(redis_url)
        if parts.scheme == "unix":
            return f"unix://{parts.path}?db={number}"
        return f"{parts.scheme}://{parts.netloc}/{number}"


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in; no host: nowhere."""

    host: str = ""
    port: int = 25
    user: str = ""
    password: str = ""
    starts_tls: bool = False
    is_ssl: bool = False


def mail_server(url: str) -> MailServer:
    """Read smtp://host:25, smtp+tls://user:password@host:587 or smtps://user:password@host:465.

    Raises ValueError with what to write, rather than sending nothing without a word.
    """
    if not url.strip():
        return MailServer()
    parts = urlsplit(url.strip())
    ports = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
    if parts.scheme not in ports or not parts.hostname:
        raise ValueError(
            "EMAIL_URL must be smtp://host:25, smtp+tls://user:password@host:587 or "
            "smtps://user:password@host:465; leave it empty to send no mail."
        )
    return MailServer(
        host=parts.hostname,
        port=parts.port or ports[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        starts_tls=parts.scheme == "smtp+tls",
        is_ssl=parts.scheme == "smtps",
    )


def celery_broker_url(redis_url: str) -> str:
    """Translate redis-py's `unix:///path?db=0` into kombu's `redis+socket:///path?virtual_host=0`."""
    if not redis_url.startswith("unix://"):
        return redis_url
    parts = urlsplit(redis_url)
    database = parts.query.removeprefix("db=") or "0"
    return f"redis+socket://{parts.path}?virtual_host={database}"
