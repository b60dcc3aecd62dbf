"""The opaque numbers of a unit's households or other subjects, from what people write: “1-312，315；甲栋1-20”.

Problem codes: ``subject.range-reversed`` (value); ``subject.no-number`` (value), for what holds no figure and so may be
a name; ``subject.personal`` (value), for what looks like a telephone or identity number; ``subject.too-long`` (value);
``subject.too-many`` (limit).
"""

import re
import unicodedata
from collections.abc import Iterator

from wuzha.core.base.problem import Problem, Source, make_problem

PLACE = Source(key="numbers")
MOST = 5000
LONGEST = 20
PARTS = re.compile(r"[,;、；，。\s]+")
RANGE = re.compile(
    r"(?P<head>\D{0,12}?)(?P<first>\d{1,6})[-–—~～至到](?P<again>\D{0,12}?)(?P<last>\d{1,6})(?P<tail>\D{0,4})"
)
PERSONAL = re.compile(r"\d{11}|\d{17}[\dXx]")


def read_subjects(text: str) -> tuple[tuple[str, ...], tuple[Problem, ...]]:
    """The numbers in the order in which they are written, each once; and what is wrong with the others."""
    found: dict[str, None] = {}
    problems: list[Problem] = []
    for part in filter(None, PARTS.split(unicodedata.normalize("NFKC", text))):
        problem = _check_part(part)
        if problem is None:
            found.update(dict.fromkeys(_list_numbers(part)))
        else:
            problems.append(problem)
    if len(found) > MOST:
        problems.append(make_problem("subject.too-many", PLACE, limit=MOST))
    return tuple(found)[:MOST], tuple(problems)


def _check_part(part: str) -> Problem | None:
    ranged = RANGE.fullmatch(part)
    if ranged and (ranged["again"] not in ("", ranged["head"]) or int(ranged["last"]) < int(ranged["first"])):
        return make_problem("subject.range-reversed", PLACE, value=part[:40])
    if ranged and int(ranged["last"]) - int(ranged["first"]) >= MOST:
        return make_problem("subject.too-many", PLACE, limit=MOST)
    if not any(sign.isdigit() for sign in part):
        return make_problem("subject.no-number", PLACE, value=part[:40])
    if PERSONAL.search(part):
        return make_problem("subject.personal", PLACE, value=part[:3] + "…")
    return make_problem("subject.too-long", PLACE, value=part[:40]) if len(part) > LONGEST and not ranged else None


def _list_numbers(part: str) -> Iterator[str]:
    ranged = RANGE.fullmatch(part)
    if ranged is None:
        yield part
        return
    for number in range(int(ranged["first"]), int(ranged["last"]) + 1):
        yield f"{ranged['head']}{number}{ranged['tail']}"
