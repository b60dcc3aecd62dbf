"""The opaque numbers of a unit's households or other subjects, from what people write: “1-312，315；3栋101-3栋120”.

A range is read where both ends differ only in their last number: the second end repeats what stands before it or leaves
it out, and zeros before the first stay (001-060). A number with hyphens of its own, such as 3-1-101, is one number; its
range either repeats the front (3-1-101至3-1-104) or has as many figures on both sides (3-1-101-104).

Problem codes: ``subject.range-reversed`` (value); ``subject.range-unread`` (value), for what looks like a range and
cannot be counted through; ``subject.no-number`` (value), for what holds no figure and so may be a name;
``subject.personal`` (value), for what looks like a telephone or identity number; ``subject.too-long`` (value);
``subject.too-many`` (limit). Of several lines the problem's source names the one.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from wuzha.core.base.problem import Problem, Source, make_problem

PLACE = Source(key="numbers")
MOST = 5000
LONGEST = 20
PARTS = re.compile(r"[,;、；，。\s]+")
PERSONAL = re.compile(r"\d{11}|\d{17}[\dXx]")
SEPARATOR = re.compile(r"-{2,}|[–—―~～]+|[至到]|-")
LOOSE = re.compile(r"[ \t]*(-{2,}|[-–—―~～至到])[ \t]*")
END = re.compile(r"(?P<head>|.*\D)(?P<number>\d{1,10})(?P<tail>[^\d-]{0,4})")
FIGURES = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Span:
    """A range that both ends agree on: what stands before and after the number, and from where to where it counts."""

    head: str
    first: int
    last: int
    tail: str
    width: int

    def write(self, number: int) -> str:
        return f"{self.head}{number:0{self.width}}{self.tail}"


def read_subjects(text: str) -> tuple[tuple[str, ...], tuple[Problem, ...]]:
    """The numbers in the order in which they are written, each once; and what is wrong with the others."""
    found: dict[str, None] = {}
    problems: list[Problem] = []
    for place, part in _list_parts(text):
        span = _find_span(part)
        problem = _check_part(part, span, place)
        if problem is None:
            found.update(dict.fromkeys(_list_numbers(part, span)))
        else:
            problems.append(problem)
    if len(found) > MOST:
        problems.append(make_problem("subject.too-many", PLACE, limit=MOST))
    return tuple(found)[:MOST], tuple(problems)


def _list_parts(text: str) -> Iterator[tuple[Source, str]]:
    lines = unicodedata.normalize("NFKC", text).splitlines()
    for count, line in enumerate(lines, start=1):
        place = Source(key=PLACE.key, line=count) if len(lines) > 1 else PLACE
        for part in filter(None, PARTS.split(LOOSE.sub(r"\1", line))):
            yield place, part


def _find_span(part: str) -> Span | None:
    """The range that the part is, reversed or not; none where it is one number or cannot be counted through.

    Where several hyphens could be the one between the ends, ends that both begin alike are meant.
    """
    spans = [(left, span) for left, right in _list_splits(part) if (span := _join_ends(left, right))]
    alike = [span for left, span in spans if part.count(span.head) > 1 or not span.head]
    return next(iter(alike or [span for _, span in reversed(spans)]), None)


def _list_splits(part: str) -> Iterator[tuple[str, str]]:
    for found in SEPARATOR.finditer(part):
        yield part[: found.start()], part[found.end() :]


def _join_ends(left: str, right: str) -> Span | None:
    first, last = END.fullmatch(left), END.fullmatch(right)
    if first is None or last is None or first["tail"] not in ("", last["tail"]):
        return None
    head = first["head"]
    if last["head"] not in ("", head):
        return None
    if head and not last["head"] and _is_one_number(head, first["number"], last["number"]):
        return None
    width = len(first["number"]) if first["number"].startswith("0") else 0
    return Span(head, int(first["number"]), int(last["number"]), last["tail"], width)


def _is_one_number(head: str, first: str, last: str) -> bool:
    """Whether a hyphen between these stands inside a number: 3-1-101 is a door, SQ03-001 a household of a grid."""
    return len(first) != len(last) and ("-" in head or last.startswith("0"))


def _check_part(part: str, span: Span | None, place: Source) -> Problem | None:
    if not any(sign.isdigit() for sign in part):
        return make_problem("subject.no-number", place, value=part[:40])
    if PERSONAL.search(part):
        return make_problem("subject.personal", place, value=part[:3] + "…")
    if span is not None:
        return _check_span(part, span, place)
    if _looks_like_a_range(part):
        return make_problem("subject.range-unread", place, value=part[:40])
    return make_problem("subject.too-long", place, value=part[:40]) if len(part) > LONGEST else None


def _check_span(part: str, span: Span, place: Source) -> Problem | None:
    if span.last < span.first:
        return make_problem("subject.range-reversed", place, value=part[:40])
    if span.last - span.first >= MOST:
        return make_problem("subject.too-many", place, limit=MOST)
    too_long = len(span.write(span.last)) > LONGEST
    return make_problem("subject.too-long", place, value=span.write(span.last)[:40]) if too_long else None


def _looks_like_a_range(part: str) -> bool:
    """A sign that only stands between two ends, or a hyphen between ends of one shape, such as 3栋101-4栋104."""
    return any(_are_two_ends(part, found) for found in SEPARATOR.finditer(part))


def _are_two_ends(part: str, sign: re.Match[str]) -> bool:
    left, right = part[: sign.start()], part[sign.end() :]
    if sign[0] != "-":
        return bool(FIGURES.search(left) and FIGURES.search(right))
    shape = FIGURES.sub("0", left)
    return shape == FIGURES.sub("0", right) and bool(shape.strip("0-"))


def _list_numbers(part: str, span: Span | None) -> Iterator[str]:
    if span is None:
        yield part
        return
    for number in range(span.first, span.last + 1):
        yield span.write(number)
