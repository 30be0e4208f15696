"""JSON log lines, one per event, to a file and warnings to the terminal."""

import logging.config
from pathlib import Path

import structlog
from structlog.typing import Processor


def configure_logging(log_file: str) -> None:
    """Send every record as one JSON line to `log_file`; line breaks in a record are escaped."""
    Path(log_file).parent.mkdir(parents=True, exist_ok=True)
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "json": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "processors": [
                        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                        structlog.processors.JSONRenderer(ensure_ascii=False),
                    ],
                    "foreign_pre_chain": shared,
                },
                "plain": {"format": "%(levelname)s %(name)s: %(message)s"},
            },
            "handlers": {
                "file": {
                    "class": "logging.handlers.WatchedFileHandler",
                    "filename": log_file,
                    "encoding": "utf-8",
                    "formatter": "json",
                },
                "terminal": {
                    "class": "logging.StreamHandler",
                    "level": "ERROR",
                    "formatter": "plain",
                },
            },
            "root": {"handlers": ["file", "terminal"], "level": "INFO"},
        }
    )
    structlog.configure(
        processors=[
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
