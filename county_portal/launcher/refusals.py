"""Everything the launcher says when it cannot go on: one sentence each, with the remedy.

Standard library only and no new syntax: bootstrap.py shows these under any python3, before the venv exists.
"""

from __future__ import annotations

import errno
import sys
from typing import Any, Callable

REFUSED = 2


class Refusal(Exception):
    """The launcher cannot go on; `sentence` says why and what to do about it, in Chinese."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def exiting(main: Callable[..., int], *arguments: Any) -> int:
    """Run `main`; what stops it reaches the user as a sentence and an exit code, not as a traceback."""
    try:
        return main(*arguments)
    except Refusal as refusal:
        return _refuse(refusal)
    except KeyboardInterrupt:
        return 130
    except PermissionError as error:
        return _refuse(not_writable(str(error.filename)))
    except OSError as error:
        if error.errno == errno.ENOSPC:
            return _refuse(disk_full_while_writing(error.filename))
        raise


def _refuse(refusal: Refusal) -> int:
    print("【无法继续】" + refusal.sentence, file=sys.stderr, flush=True)
    return REFUSED


def old_python(found: str) -> Refusal:
    """Return the refusal for a python3 older than the portal needs."""
    return Refusal(
        "需要 Python 3.11 或更高版本，本机是 {}：请在 Debian 12 及以上或 Ubuntu 24.04 上运行。".format(
            found
        )
    )


def no_venv_module() -> Refusal:
    """Return the refusal for a Python without `venv`."""
    return Refusal(
        "本机缺少 python3-venv：请先执行 sudo apt-get install -y python3-venv，再重新运行。"
    )


def pip_failed(log: str) -> Refusal:
    """Return the refusal for requirements that could not be fetched or installed."""
    return Refusal(
        "安装 Python 依赖失败（多为网络不通）：请检查网络、代理或 pip 镜像设置后重新运行，已下载的部分不会丢失；"
        "详细记录见 {}。".format(log)
    )


def disk_full(path: str, free_mb: int, need_mb: int) -> Refusal:
    """Return the refusal for too little space before starting."""
    return Refusal(
        "磁盘空间不足：{} 所在分区剩余 {} MB，至少需要 {} MB；请清理磁盘，或用 VAR_DIR=其他目录 重新运行。".format(
            path, free_mb, need_mb
        )
    )


def disk_full_while_writing(path: Any) -> Refusal:
    """Return the refusal for a disk that ran full on the way."""
    return Refusal(
        "磁盘已写满（{}）：请清理磁盘，或用 VAR_DIR=其他目录 重新运行。".format(path or "未知位置")
    )


def not_writable(path: str) -> Refusal:
    """Return the refusal for a directory somebody else owns."""
    return Refusal(
        "无法写入目录 {}：请检查其所有者与权限，或用 VAR_DIR=其他目录 重新运行。".format(path)
    )


def cannot_drop_root() -> Refusal:
    """Return the refusal for a root that may not become anybody else."""
    return Refusal(
        "PostgreSQL 不能以 root 运行，而当前环境不允许 root 切换到 nobody：请改用普通用户运行。"
    )


def port_taken(host: str, port: int) -> Refusal:
    """Return the refusal for a port another program listens on."""
    return Refusal(
        "端口 {1} 已被占用（{0}）：请换一个端口，例如 make run PORT={2}，或先停止占用它的程序。".format(
            host, port, port + 1
        )
    )


def port_forbidden(port: int) -> Refusal:
    """Return the refusal for a port only root may open."""
    return Refusal(
        "当前用户无权监听端口 {}：请使用 1024 以上的端口，例如 make run PORT=8000。".format(port)
    )


def port_malformed(text: str) -> Refusal:
    """Return the refusal for a PORT that is no port."""
    return Refusal(
        "PORT={} 不是有效端口：请填写 1 到 65535 之间的整数，例如 PORT=8000。".format(text)
    )


def host_unknown(host: str) -> Refusal:
    """Return the refusal for an address this machine does not have."""
    return Refusal(
        "本机没有地址 {}：请把 HOST 设为 127.0.0.1（仅本机访问）或 0.0.0.0（局域网访问）。".format(
            host
        )
    )


def already_running(var_dir: str) -> Refusal:
    """Return the refusal for a second launcher on one VAR_DIR."""
    return Refusal(
        "目录 {} 正在被另一个实例使用：请先停止它，"
        "或另设目录与端口，例如 make run VAR_DIR=var/second PORT=8001。".format(var_dir)
    )


def other_postgres(data_dir: str, found: str, ours: str) -> Refusal:
    """Return the refusal for a data directory of another PostgreSQL major version."""
    return Refusal(
        "数据目录 {} 由 PostgreSQL {} 创建，而本程序自带 PostgreSQL {}：请先用原版本的 pg_dump 导出数据，"
        "或用 VAR_DIR=新目录 重新运行。".format(data_dir, found, ours)
    )


def foreign_directory(path: str) -> Refusal:
    """Return the refusal for a socket directory that is not ours alone."""
    return Refusal("目录 {} 不属于本实例或权限过宽：请将其删除或改名后重新运行。".format(path))


def child_failed(title: str, log: str) -> Refusal:
    """Return the refusal for a part of the stack that does not come up."""
    return Refusal("{}未能启动：原因见 {} 的末尾；排除后重新运行。".format(title, log))


def step_failed(title: str, log: str) -> Refusal:
    """Return the refusal for a preparing command that failed."""
    return Refusal("{}失败：原因见 {} 的末尾；排除后重新运行。".format(title, log))


def not_ready(url: str, seconds: int, log_dir: str) -> Refusal:
    """Return the refusal for a web process that never answers."""
    return Refusal("等待 {} 秒后 {} 仍未就绪：请查看 {} 中的日志。".format(seconds, url, log_dir))


def secrets_lost(path: str) -> Refusal:
    """Return the refusal for a data directory whose passwords are gone."""
    return Refusal(
        "数据库口令文件 {} 缺失或损坏：请从备份恢复该文件，或用 VAR_DIR=新目录 重新运行。".format(
            path
        )
    )


def no_chromium() -> Refusal:
    """Return the refusal for browser tests without a browser."""
    return Refusal(
        "浏览器测试需要 Chromium，且当前无法自动安装：请管理员执行 "
        "apt-get install -y chromium libatomic1 fonts-wqy-zenhei 后重新运行。"
    )


def no_out_dir() -> Refusal:
    """Return the refusal for `make demo` without OUT."""
    return Refusal("缺少输出目录：请指明，例如 make demo OUT=/tmp/demo。")


def no_backup_dir(name: str) -> Refusal:
    """Return the refusal for a backup or a restore without its folder."""
    return Refusal("没有指定备份目录：请在命令后写 {}=目录。".format(name))


def backup_folder_not_empty(folder: str) -> Refusal:
    """Return the refusal for a backup into a folder that holds something."""
    return Refusal("目录 {} 不是空的：每次备份请用新的目录，以免混入旧文件。".format(folder))


def backup_incomplete(folder: str, name: str) -> Refusal:
    """Return the refusal for a copy that is damaged."""
    return Refusal(
        "备份 {} 中的 {} 缺失或与清单不符，不能恢复：请换用另一份备份。".format(folder, name)
    )


def restore_over_something(what: str) -> Refusal:
    """Return the refusal for a restore where something is."""
    return Refusal("{} 中已有内容，不能在其上恢复：请指定空的数据库和新的 VAR_DIR。".format(what))


def database_tool_failed(name: str, complaint: str) -> Refusal:
    """Return the refusal for a PostgreSQL tool that failed."""
    return Refusal("{} 没有完成：{}".format(name, complaint))
