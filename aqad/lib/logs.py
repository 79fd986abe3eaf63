"""One shape for every log line, whoever writes it: AQAD, Django, Celery, gunicorn."""

import logging
import logging.config
import re
from collections.abc import Callable
from json import JSONEncoder
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from aqad.lib.text.characters import INVISIBLE, LINE_BREAKS, NO_TEXT
from aqad.lib.web.masking import mask_mapping, mask_text

_CLOCKS: dict[bool, Processor] = {
    True: structlog.processors.TimeStamper(fmt="iso", utc=True),
    False: structlog.processors.TimeStamper(fmt="%H:%M:%S", utc=False),  # for people who watch
}
_clock = _CLOCKS[False]
_HEADS = frozenset({"timestamp", "level", "event", "logger"})
_NEEDS_QUOTES = re.compile(r"[ \t=\r\n\"']")
# What could begin a line of its own, steer a terminal, or turn or hide what stands beside it.
_UNSAFE = re.compile(f"[{LINE_BREAKS}]|{NO_TEXT.pattern}|{INVISIBLE.pattern}")
_encode = JSONEncoder(default=str, ensure_ascii=False).encode


def configure(config: dict[str, Any]) -> None:
    """Django's LOGGING_CONFIG: `config` is settings.LOGGING; its `json` chooses machine or human lines."""
    global _clock  # noqa: PLW0603 - logging is one for the process
    json = bool(config.get("json"))
    _clock = _CLOCKS[json]
    logging.config.dictConfig(dictionary(json=json, keeps_errors=True))
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared(json=json),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def dictionary(*, json: bool, keeps_errors: bool = False) -> dict[str, Any]:
    """The same for `logging.config`, for processes that log before Django is set up (gunicorn)."""
    handler = {"class": "aqad.lib.error_lines.RecentErrors", "formatter": "machine", "level": "ERROR"}
    errors = {"recent errors": handler} if keeps_errors else {}
    through_root = {"handlers": [], "propagate": True}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": _Formatter,
                "quick": _machine_line if json else _human_line,
                "foreign_pre_chain": _shared(json=json),
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_last(json=json)],
            },
            "machine": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _shared(json=True),
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_last(json=True)],
            },
        },
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "line"},
            **errors,
        },
        "root": {"handlers": ["stderr", *errors], "level": "INFO"},
        "loggers": {
            "django": through_root | {"level": "INFO"},
            # The access log and the answer's own log line tell of 4xx; Django would tell them again.
            "django.request": through_root | {"level": "ERROR"},
            "django.server": through_root | {"level": "INFO"},
            "gunicorn.error": through_root | {"level": "INFO"},
            "gunicorn.access": through_root | {"level": "WARNING"},
            "celery": through_root | {"level": "INFO"},
            "celery.beat": through_root | {"level": "WARNING"},  # the workers tell what was done
            "celery.worker.strategy": through_root | {"level": "WARNING"},  # each task is told when it ends
            "botocore": through_root | {"level": "WARNING"},
        },
    }


def write_masked(name: str, event: str, details: dict[str, Any]) -> None:
    """A line of level INFO whose values are known to hold no secret, in a fifth of the usual time."""
    logger = logging.getLogger(name)
    if not logger.isEnabledFor(logging.INFO):
        return
    line = {**structlog.contextvars.get_contextvars(), **details}
    line |= {"event": event, "logger": name, "level": "info"}
    record = logging.LogRecord(name, logging.INFO, "", 0, _clock(logger, "info", line), None, None)
    record.is_finished = True
    logger.handle(record)


class _Formatter(structlog.stdlib.ProcessorFormatter):
    """structlog's, but for lines of `write_masked`, which need nothing more than to be written down."""

    def __init__(self, *args: Any, quick: Callable[[EventDict], str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._quick = quick

    def format(self, record: logging.LogRecord) -> str:
        if "is_finished" in record.__dict__:
            return self._quick(record.msg)  # type: ignore[arg-type] # a dictionary
        return super().format(record)


def _machine_line(line: EventDict, **_options: Any) -> str:
    """As JSONRenderer; what is unsafe is escaped as JSON does it, so that it reads back as it was."""
    text = _encode(line)
    return text if text.isprintable() else _UNSAFE.sub(_json_escape, text)


def _human_line(line: EventDict) -> str:
    """As ConsoleRenderer."""
    told = " ".join(f"{name}={_value(line[name])}" for name in sorted(line) if name not in _HEADS)
    event = _escaped(line["event"])
    return f"{line['timestamp']} [{line['level']:<9}] {event:<30} [{line['logger']}] {told}"


def _value(value: Any) -> str:
    return _escaped(value if isinstance(value, str) and not _NEEDS_QUOTES.search(value) else repr(value))


def _escaped(text: str) -> str:
    return text if text.isprintable() else _UNSAFE.sub(_python_escape, text)


def _python_escape(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode()


def _json_escape(found: re.Match[str]) -> str:
    pairs = found[0].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{pairs[at : at + 4]}" for at in range(0, len(pairs), 4))


def _safe_for_people(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    for name, value in line.items():
        if isinstance(value, str):
            line[name] = _indented(value) if name in ("exception", "stack") else _escaped(value)
    return line


def _indented(trace: str) -> str:
    """Away from the margin, so that what an exception says cannot pass for a line of the log."""
    return "\n".join(f"  {_escaped(line)}" for line in trace.split("\n"))


def _shared(*, json: bool) -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        _CLOCKS[json],
        structlog.processors.StackInfoRenderer(),
        _without_secrets,
    ]


def _last(*, json: bool) -> list[Processor]:
    if not json:
        return [
            structlog.processors.format_exc_info,
            _safe_for_people,
            structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
        ]
    return [
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer(_machine_line),
    ]


def _without_secrets(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    if isinstance(text := event.get("event"), str):
        event["event"] = mask_text(text)
    return mask_mapping(dict(event))
