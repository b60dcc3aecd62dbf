"""What is written to the log: one line an event, and nothing that opens a door.

Names that people type and addresses that they ask for come into the log; so do forms, heads and settings, when a page
fails. A line feed in a name would begin a line that looks like the program's own; a key in a log is a key for whoever
reads logs. This filter stands at the handlers, behind every logger.
"""

import logging
import re
import traceback

# What may follow these words, up to the next sign that ends a value. Cookies and heads have several values in a line.
SECRET = re.compile(
    r"""(?ix)
    (?P<name> ["']? \b (?: [a-z0-9_.-]* (?: password | passwd | passphrase | secret | token | api[_-]?key ) [a-z0-9_]*
        | sessionid | csrftoken | secret_key | otp | code_verifier | client_secret | x-csrftoken ) \b ["']?
        \s* (?: = | : | => | , ) \s* (?: \[ \s* )? )
    (?P<value> <[^>]*> | "(?:[^"\\]|\\.)*" | '(?:[^'\\]|\\.)*' | [^\s,;&)}\]'"]+ )
    """
)
BEARER = re.compile(r"(?i)\b(bearer|basic|token)\s+[\w.~+/=-]{8,}")
# A database's address holds its password; an age key says what it is.
ADDRESS = re.compile(r"(?i)\b([a-z][a-z0-9+]*://[^\s:/@]+):[^\s@]+@")
PRIVATE = re.compile(
    r"AGE-SECRET-KEY-1[A-Z0-9]+|-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*PRIVATE KEY-----", re.S
)
HIDDEN = "[hidden]"
# Signs that begin a new line, steer a terminal or turn the reading direction round.
STEERING = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")
STEERING_BUT_LINES = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def hide_secrets(text: str) -> str:
    """The text with whatever looks like a key, a password or a session taken out."""
    text = PRIVATE.sub(HIDDEN, text)
    text = ADDRESS.sub(rf"\1:{HIDDEN}@", text)
    text = BEARER.sub(rf"\1 {HIDDEN}", text)
    return SECRET.sub(rf"\g<name>{HIDDEN}", text)


def put_on_one_line(text: str) -> str:
    """Signs that steer, written out: a line feed as ``\\n``."""
    return STEERING.sub(_write_out, text)


def _write_out(found: "re.Match[str]") -> str:
    return found.group().encode("unicode_escape").decode()


class CleanLogs(logging.Filter):
    """Cleans each record for the handler that it stands at. A trace keeps its lines, each set off from the margin."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = put_on_one_line(hide_secrets(_read_message(record))), None
        if record.exc_info and not record.exc_text:
            record.exc_text = "".join(traceback.format_exception(*record.exc_info))
        if record.exc_text:
            record.exc_text = _set_off(hide_secrets(record.exc_text))
        if record.stack_info:
            record.stack_info = _set_off(hide_secrets(record.stack_info))
        return True


def _read_message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError):  # a message whose gaps do not fit what it was given is a message all the same
        return f"{record.msg} {record.args}"


def _set_off(text: str) -> str:
    return "\n".join(f"  {STEERING_BUT_LINES.sub(_write_out, line)}" for line in text.splitlines())
