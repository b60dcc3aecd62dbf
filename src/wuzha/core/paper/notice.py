"""A notice (通知) of free words: paragraphs, and headings where a line begins as one (一、……; （一）……; 1.……)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wuzha.core.paper.model import Block, Heading, Level, Paper, Paragraph

# The number that is typed is dropped: the paper numbers its headings by their order.
_MARKS: tuple[tuple[Level, re.Pattern[str]], ...] = (
    (1, re.compile(r"[一二三四五六七八九十]{1,3}、")),
    (2, re.compile(r"[（(][一二三四五六七八九十]{1,3}[）)]")),
    (3, re.compile(r"\d{1,2}[.．](?!\d)")),
    (4, re.compile(r"[（(]\d{1,2}[）)]")),
)


@dataclass(frozen=True, slots=True)
class NoticeSaid:
    """What a person typed: everything."""

    title: str
    addressee: str
    signed_by: str
    body: tuple[str, ...] = ()


def read_notice_said(told: Mapping[str, Any]) -> NoticeSaid:
    """What a person typed, from the JSON of a draft."""
    return NoticeSaid(told["title"], told["addressee"], told["signed_by"], tuple(told["body"]))


def write_notice(said: NoticeSaid) -> Paper:
    return Paper(
        form="notice",
        title=said.title,
        blocks=tuple(read_lines(said.body)),
        addressee=said.addressee,
        signed_by=said.signed_by,
        issuer=said.signed_by,
    )


def read_lines(lines: tuple[str, ...]) -> Iterator[Block]:
    """Each line as what it begins like. A heading goes to its first full stop; what follows runs on."""
    for line in lines:
        yield next((_make_heading(level, line[mark.end() :]) for level, mark in _find_marks(line)), Paragraph((line,)))


def _find_marks(line: str) -> Iterator[tuple[Level, re.Match[str]]]:
    return ((level, found) for level, pattern in _MARKS if (found := pattern.match(line)))


def _make_heading(level: Level, text: str) -> Heading:
    head, stop, rest = text.strip().partition("。")
    return Heading(level, head + stop, (rest,)) if rest else Heading(level, text.strip())
