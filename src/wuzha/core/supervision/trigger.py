"""The small language of triggers: ``missed_windows >= 2 and overdue_days > 30``.

Conditions are joined by ``and``; whoever means "or" writes a second line. A number is only ever reached or passed, so
that doing more of one's duty never brings a measure nearer.
"""

import re
from dataclasses import replace

from wuzha.core.base.problem import Problem, Source, make_problem
from wuzha.core.supervision.model import FLAGS, Condition, Ladder, Step, Trigger, Word

MOST = 3650
RANKS = ("rank", "ranking", "worst", "last_place", "bottom", "排名", "名次", "末位", "倒数")
_CONDITION = re.compile(r"(?P<word>[^\s<>=!]+)\s*(?:(?P<sign>[<>=!]+)\s*(?P<number>\S.*)?)?")
_WHOLE = re.compile(r"\d{1,6}")


def parse_trigger(text: str) -> tuple[Trigger, tuple[Problem, ...]]:
    """The conditions, and what is wrong with them; the problems carry no place, which the caller knows."""
    read = [_parse_condition(part) for part in re.split(r"\s+and\s+", text.strip())]
    return (
        tuple(one for one in read if isinstance(one, Condition)),
        tuple(one for one in read if isinstance(one, Problem)),
    )


def _parse_condition(text: str) -> Condition | Problem:
    match = _CONDITION.fullmatch(text.strip())
    if match is None:
        return make_problem("ladder.condition-unreadable", text=text.strip()[:60])
    name = match["word"]
    if any(word in name.lower() for word in RANKS):
        return make_problem("ladder.ranking", word=name)
    if name not in list(Word):
        return make_problem("ladder.word-unknown", word=name[:40], known="、".join(Word))
    return _read_flag(Word(name), match) if name in FLAGS else _read_number(Word(name), match)


def _read_flag(word: Word, match: re.Match[str]) -> Condition | Problem:
    if match["sign"]:
        return make_problem("ladder.flag-compared", word=word)
    return Condition(word)


def _read_number(word: Word, match: re.Match[str]) -> Condition | Problem:
    if match["sign"] not in (">", ">="):
        return make_problem("ladder.sign-unknown", word=word)
    number = (match["number"] or "").strip()
    if not _WHOLE.fullmatch(number):
        return make_problem("ladder.number-wanted", word=word, value=number[:40])
    least = int(number) + (match["sign"] == ">")
    if not 1 <= least <= MOST:
        return make_problem("ladder.number-range", word=word, value=number, most=MOST)
    return Condition(word, least)


def write_trigger(trigger: Trigger) -> str:
    """The trigger as :func:`parse_trigger` reads it."""
    return " and ".join(one.word if one.word in FLAGS else f"{one.word} >= {one.least}" for one in trigger)


def check_ladder(ladder: Ladder) -> tuple[Problem, ...]:
    """What does not fit together: a step named twice, or one that follows a step which is not below it."""
    problems: list[Problem] = [] if ladder.steps else [make_problem("ladder.empty")]
    seen: dict[str, Source] = {}
    for step in ladder.steps:
        if step.code in seen:
            problems.append(make_problem("ladder.step-twice", step.source, step=step.code))
        elif step.after and step.after not in seen:
            problems.append(_tell_after(step, ladder))
        seen[step.code] = step.source
    return tuple(problems)


def _tell_after(step: Step, ladder: Ladder) -> Problem:
    source = replace(step.source, key="after")
    if step.after in ladder.by_code:
        return make_problem("ladder.after-above", source, step=step.code, after=step.after)
    return make_problem("ladder.after-unknown", source, after=step.after, known=ladder.name_codes())
