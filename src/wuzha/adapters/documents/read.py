"""The one door: a file as uploaded to text, or the problems that say why it is refused and what to do."""

import time
from dataclasses import replace

from wuzha.adapters.documents.apart import Slot, read_apart
from wuzha.adapters.documents.doc import convert
from wuzha.adapters.documents.formats import tell_format
from wuzha.adapters.documents.limits import Limits
from wuzha.adapters.documents.model import MAX_BYTES, Document, Found, RefusedError, check_text, name_problem
from wuzha.adapters.documents.txt import read as read_txt
from wuzha.core.base.problem import Problem

TOTAL_S = 15.0
"""No document holds whoever asked for longer than this, waiting for others included. Reading the plan in it costs the
site at most what its rehearsal did: five seconds for the longest text that it takes, so twenty in all."""
LIMITS = Limits()
PLAIN_BYTES = 60_000
"""A plain text up to here is read on the spot: decoding is linear, and a process would take longer to start. A longer
one goes the way of all others, because reading the plan in it is rehearsed there."""


def read_document(name: str, content: bytes, limits: Limits = LIMITS) -> tuple[Document | None, tuple[Problem, ...]]:
    """The document in ``content``, or None and the problems that say why it is refused.

    With a document the problems are warnings, such as a page that is only a picture. The text of a .txt is what
    ``Path.read_text`` gives: decoded, line ends as ``\\n``, in UTF-8 with a byte order mark kept as its first
    character, so that offsets agree with any program that reads the file so.
    """
    try:
        found = _find_text(name, content, limits)
    except RefusedError as refused:
        return None, (name_problem(_name_limit(refused.problem, limits), name),)
    return Document(name, found.kind, found.text), tuple(name_problem(problem, name) for problem in found.told)


def _name_limit(problem: Problem, limits: Limits) -> Problem:
    """A reader gives up gathering far above the limit; the person is told the one that holds."""
    if problem.code != "document.too-long":
        return problem
    return replace(problem, params=tuple(sorted({**problem.values, "limit": str(limits.characters)}.items())))


def _find_text(name: str, content: bytes, limits: Limits) -> Found:
    if not content:
        raise RefusedError("document.empty")
    if len(content) > MAX_BYTES:
        raise RefusedError("document.too-large", size=len(content), limit=MAX_BYTES)
    format_ = tell_format(name, content)
    if format_ == "txt" and len(content) <= PLAIN_BYTES:
        return _read_plain(content, limits.characters)
    ends = time.monotonic() + TOTAL_S
    with Slot():
        return _read_old(content, limits, ends) if format_ == "doc" else _read_until(format_, content, limits, ends)


def _read_plain(content: bytes, characters: int) -> Found:
    found = read_txt(content)
    check_text(found.text, characters)
    return found


def _read_old(content: bytes, limits: Limits, ends: float) -> Found:
    """Through another program to a format of our own."""
    format_, converted = convert(content, ends - time.monotonic())
    found = _read_until(format_, converted, limits, ends)
    return Found("doc", found.text, found.told)


def _read_until(format_: str, content: bytes, limits: Limits, ends: float) -> Found:
    left = max(ends - time.monotonic(), 0.1)
    return read_apart(format_, content, replace(limits, wall_s=min(limits.wall_s, left)))
