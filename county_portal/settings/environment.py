"""All reading of the environment, typed, in one place.

A missing or unsafe variable stops start-up with its name and what to write there.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

from pydantic import Field
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT_DIR = Path(__file__).resolve().parent.parent.parent


class Environment(BaseSettings):
    """The variables the portal reads; `.env.sample` shows each with an example."""

    model_config = SettingsConfigDict(extra="ignore", case_sensitive=True)

    database_url: str = Field(
        default="",
        alias="DATABASE_URL",
        description="PostgreSQL数据库，网站和后台任务使用的账号",
        examples=["postgres://portal_app:口令@db.example/portal"],
        json_schema_extra={"required": True},
    )
    redis_url: str = Field(
        default="",
        alias="REDIS_URL",
        description="Redis或Valkey，只用来唤醒后台任务",
        examples=["redis://cache.example:6379/0"],
        json_schema_extra={"required": True},
    )
    secret_key: str = Field(
        default="",
        alias="SECRET_KEY",
        description="会话和表单的签名密钥，至少50个随机字符",
        json_schema_extra={"required": True},
    )
    allowed_hosts: str = Field(
        default="",
        alias="ALLOWED_HOSTS",
        description="网站的域名，多个用逗号隔开，不能写*",
        examples=["portal.example.gov.cn"],
        json_schema_extra={"required": True},
    )
    trusted_origins: str = Field(
        default="",
        alias="CSRF_TRUSTED_ORIGINS",
        description="代理之后，允许提交表单的来源",
        examples=["https://portal.example.gov.cn"],
    )
    debug: bool = Field(default=False, alias="DEBUG", description="调试方式，正式环境必须为false")
    var_dir: Path = Field(
        default=PROJECT_DIR / "var" / "dev",
        alias="VAR_DIR",
        description="上传和生成的文件、日志、字体缓存所在目录",
        examples=["/var/lib/portal"],
    )
    app_role: str = Field(
        default="",
        alias="PORTAL_APP_ROLE",
        description="网站使用的数据库账号，apply_grants按它授权",
        examples=["portal_app"],
    )
    province: str = Field(
        default="hebei",
        alias="PROVINCE",
        description="省份数据目录provinces下的子目录名",
        examples=["hebei"],
    )
    log_file: str = Field(
        default="",
        alias="LOG_FILE",
        description="日志文件；空为VAR_DIR/log/portal.jsonl",
        examples=["/var/log/portal/portal.jsonl"],
    )
    proxy_count: int = Field(
        default=0,
        alias="TRUSTED_PROXY_COUNT",
        description="前面有几层可信代理，决定从X-Forwarded-For取哪个地址",
        examples=["1"],
    )
    email_url: str = Field(
        default="",
        alias="EMAIL_URL",
        description="邮件服务器；空则只有站内通知",
        examples=["smtp+tls://user:口令@mail.example:587"],
    )
    email_from: str = Field(
        default="",
        alias="EMAIL_FROM",
        description="邮件的发件人",
        examples=["县域科技创新管理平台 <portal@example.gov.cn>"],
    )
    portal_url: str = Field(
        default="",
        alias="PORTAL_URL",
        description="网站的地址，用于邮件链接和公文二维码",
        examples=["https://portal.example.gov.cn"],
    )
    document_keys_dir: str = Field(
        default="",
        alias="DOCUMENT_KEYS_DIR",
        description="核验凭据的私钥目录，须备份，仅限网站账号读取",
        examples=["/etc/county-portal/keys"],
        json_schema_extra={"required": True},
    )
    document_signer: str = Field(
        default="",
        alias="DOCUMENT_SIGNER",
        description="PDF电子签名的实现；空则公文不带电子签名并如实注明",
        examples=["county_portal.documents.signing.signer_from_files"],
    )
    document_seals_dir: str = Field(
        default="",
        alias="DOCUMENT_SEALS_DIR",
        description="从文件签名时，各单位证书所在目录",
        examples=["/etc/county-portal/seals"],
    )
    version: str = Field(default="0.1.0", alias="PORTAL_VERSION", description="/version显示的版本")
    commit: str = Field(default="", alias="PORTAL_COMMIT", description="/version显示的提交号")
    clamav_socket: str = Field(
        default="",
        alias="CLAMAV_SOCKET",
        description="病毒扫描服务clamd的套接字或“主机:端口”；空则不扫描",
        examples=["/run/clamav/clamd.ctl"],
    )
    sign_in_address: Literal["network", "full"] = Field(
        default="network",
        alias="SIGN_IN_ADDRESS",
        description="登录日志记录来客地址的网段（network）还是完整地址（full）",
        examples=["full"],
    )
    pushed_request_days: int = Field(
        default=90,
        ge=1,
        alias="PUSHED_REQUEST_DAYS",
        description="接口写入请求的幂等键和应答保留多少天，每天夜间清理",
        examples=["30"],
    )
    host_unit: str = Field(
        default="",
        alias="SITE_HOST_UNIT",
        description="页脚的主办单位",
        examples=["河北省科学技术厅"],
    )
    icp_number: str = Field(default="", alias="SITE_ICP_NUMBER", description="页脚的备案号")
    site_code: str = Field(default="", alias="SITE_CODE", description="页脚的网站标识码")
    open_licence: str = Field(
        default="",
        alias="OPEN_DATA_LICENCE",
        description="开放数据许可协议的名称；空则用默认的协议",
    )
    open_licence_url: str = Field(
        default="", alias="OPEN_DATA_LICENCE_URL", description="开放数据许可协议的网址"
    )
    open_terms: str = Field(
        default="", alias="OPEN_DATA_TERMS", description="开放数据的使用要求，随数据一并公布"
    )

    def listed(self, text: str) -> list[str]:
        """Split a comma-separated variable, dropping blanks."""
        return [part.strip() for part in text.split(",") if part.strip()]


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable as the operators' table describes it; `is_required` on a server."""

    name: str
    words: str
    default: str
    example: str
    is_required: bool


def described() -> tuple[Variable, ...]:
    """Every variable the portal reads, in the order of `Environment`."""
    return tuple(_described(field) for field in Environment.model_fields.values())


def _described(field: FieldInfo) -> Variable:
    default = "" if isinstance(field.default, Path) else str(field.default)
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    return Variable(
        name=field.alias or "",
        words=field.description or "",
        default=default.lower() if isinstance(field.default, bool) else default,
        example=str(next(iter(field.examples or ()), "")),
        is_required=bool(extra.get("required")),
    )


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
