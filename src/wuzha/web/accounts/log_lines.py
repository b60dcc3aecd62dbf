"""Lines of the program's own log: as JSON for a machine, or as plain text; each with the number of its request.

Nothing of a person goes into them: no address with its parameters, no body, no header, no user. What an error says of
itself may quote what somebody typed, so that long rows of digits are left out of it and a database's own details too.
"""

import json
import logging
import re
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from wuzha.web.accounts.clean_logs import hide_secrets
from wuzha.web.accounts.request_id import read_request_id

# What a line of one request tells beside its words.
TOLD = ("method", "route", "status", "ms", "queries", "database_ms")
# Telephone and identity numbers, account numbers: nothing that has so many digits is needed to mend a fault, but a day.
DIGITS = re.compile(r"(?<!\d)(?!\d{4}-\d\d-\d\d\b)\d(?:[ -]?\d){6,}[Xx]?")
# PostgreSQL repeats the whole row here: "DETAIL:  Key (phone)=(...) already exists."
DETAIL = re.compile(r"^\s*(?:DETAIL|CONTEXT|HINT|PARAMETERS):.*$", re.MULTILINE)
ErrorInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def leave_out(text: str) -> str:
    """The text without what may be somebody's."""
    return DIGITS.sub("…", DETAIL.sub("", hide_secrets(text))).strip()


def tell_error(info: ErrorInfo) -> str:
    """Where it happened, file by file, and what the error says of itself; never what variables held."""
    kind, error, trace = info
    if kind is None:
        return ""
    places = [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]
    return "\n".join([*places, f"{kind.__name__}: {leave_out(str(error))}"])


class TextLines(logging.Formatter):
    """``2026-03-20 09:00:00 ERROR wuzha.web.tick 0k3m9x7qa2bnt5v what is due could not be done``."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).astimezone()
        told = [f"{name}={getattr(record, name)}" for name in TOLD if hasattr(record, name)]
        request = read_request_id() or "-"
        words = [f"{at:%Y-%m-%d %H:%M:%S}", record.levelname, record.name, request, _read_words(record), *told]
        error = tell_error(record.exc_info) if isinstance(record.exc_info, tuple) else ""
        return " ".join(words) + (f"\n{error}" if error else "")


class JsonLines(logging.Formatter):
    """One JSON object a line: ``time``, ``level``, ``logger``, ``request``, ``message``, and what a request tells."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).astimezone()
        told: dict[str, Any] = {"time": at.isoformat(timespec="milliseconds"), "level": record.levelname}
        told |= {"logger": record.name, "request": read_request_id(), "message": _read_words(record)}
        told |= {name: getattr(record, name) for name in TOLD if hasattr(record, name)}
        if isinstance(record.exc_info, tuple) and (error := tell_error(record.exc_info)):
            told["error"] = error
        return json.dumps(told, ensure_ascii=False)


def _read_words(record: logging.LogRecord) -> str:
    """The message on one line. Django's own names the whole address of a request, which may name a person's row."""
    if record.name == "django.request":
        return f"{getattr(record, 'status_code', '')} answered".strip()
    return " ".join(leave_out(record.getMessage()).split())
