"""The check of a plan against higher rules: ``lint_plan`` for a document as read, ``lint_duties`` for a plan file.

Nearly all that is found only warns. What a rule ``blocks`` keeps a duty from being put in force: ``find_forbidden``.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from wuzha.core.base.unit import Tree
from wuzha.core.duty.model import Duty
from wuzha.core.plan.lint.figures import (
    Ask,
    ask_of_demand,
    ask_of_duty,
    find_above_base,
    find_above_stated,
    find_duplicates,
    find_length,
    find_samples,
    find_shares,
)
from wuzha.core.plan.lint.line import Line, list_lines, make_line
from wuzha.core.plan.lint.privacy import Secret, find_accounts, find_contacts, find_identities, find_listed
from wuzha.core.plan.lint.rule import Finding, Rule, Rules
from wuzha.core.plan.lint.words import find_words
from wuzha.core.plan.reading import Reading, SentenceFate, Span

_NUMBER = re.compile(r"\d{4}|微信")
"""Without one of these a line holds no number that leads to a person."""


@dataclass(frozen=True, slots=True)
class _Matter:
    """What there is to look at. ``text`` is empty for a plan without a document."""

    text: str
    title: str
    issuer: str
    lines: Sequence[Line]
    asks: Sequence[Ask]
    day: date
    tree: Tree | None


def lint_plan(text: str, reading: Reading, rules: Rules, day: date, tree: Tree | None = None) -> tuple[Finding, ...]:
    """What in a document meets the rules in force on ``day``, in the order of the text, the document as a whole first.

    ``reading`` is what :func:`read_plan` made of ``text``. With a ``tree``, targets are held against its bases.
    """
    asks = tuple(ask_of_demand(demand) for demand in (*reading.demands, *reading.vague))
    lines = tuple(list_lines(text, reading.coverage))
    matter = _Matter(text, reading.title, f"{reading.issuer} {reading.title}", lines, asks, day, tree)
    found = list(_look(matter, rules))
    return tuple(sorted(found, key=lambda finding: finding.span or (-1, -1)))


def lint_duties(
    duties: Sequence[Duty], rules: Rules, day: date, *, issuer: str = "", tree: Tree | None = None, quotes: bool = True
) -> tuple[Finding, ...]:
    """What in the duties of a plan meets the rules, in their order.

    Without ``quotes`` only what is counted is looked at: the words have been, in the document.
    """
    lines = tuple(make_line(duty.quote, None, duty.clause, (duty.id,)) for duty in duties if quotes and duty.quote)
    asks = tuple(ask_of_duty(duty) for duty in duties)
    matter = _Matter("\n".join(line.raw for line in lines), "", issuer, _drop_repeated(lines), asks, day, tree)
    order = {duty.id: place for place, duty in enumerate(duties)}
    found = _look(matter, {code: rule for code, rule in rules.items() if rule.check != "length"})
    return tuple(sorted(found, key=lambda finding: order.get(finding.demands[0], 0) if finding.demands else -1))


@dataclass(frozen=True, slots=True)
class Quoted:
    """Where a duty comes from: its clause, its words, and their place in the document, if there is one."""

    clause: str
    words: str
    span: Span | None = None


def find_forbidden(
    duties: Iterable[Quoted], rules: Rules, day: date, *, text: str = "", coverage: Iterable[SentenceFate] = ()
) -> tuple[Finding, ...]:
    """What keeps these duties from being put in force: what a blocking rule finds in their words or their sentences.

    A duty may quote half a sentence; with its document (``text`` and ``coverage``) the whole of it is looked at.
    """
    sentences = sorted(coverage, key=lambda fate: fate.span)
    lines: dict[str, Line] = {}
    for duty in duties:
        held = _find_held(sentences, duty.span) if duty.span else []
        for line in list_lines(text, held):
            lines.setdefault(line.raw, line)
        if not any(duty.words in text[fate.span[0] : fate.span[1]] for fate in held):
            lines.setdefault(duty.words, make_line(duty.words, None, duty.clause, ()))
    matter = _Matter("", "", "", tuple(lines.values()), (), day, None)
    return tuple(_look(matter, {code: rule for code, rule in rules.items() if rule.blocks}))


def _find_held(sentences: Sequence[SentenceFate], span: Span) -> Sequence[SentenceFate]:
    """The sentences, given in order, that share a character with the span."""
    first = max(bisect_right(sentences, span[0], key=lambda fate: fate.span[0]) - 1, 0)
    last = bisect_left(sentences, span[1], key=lambda fate: fate.span[0])
    return [fate for fate in sentences[first:last] if fate.span[1] > span[0]]


def _drop_repeated(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Several duties may quote one sentence; it is looked at once."""
    return tuple({(line.clause, line.raw): line for line in reversed(tuple(lines))}.values())[::-1]


def _look(matter: _Matter, rules: Rules) -> Iterator[Finding]:
    for rule in rules.values():
        if rule.applies_on(matter.day):
            found = _CHECKS[rule.check](rule, matter)
            yield from (_take_first(found) if rule.once else found)


def _take_first(found: Iterator[Finding]) -> Iterator[Finding]:
    first = next(found, None)
    if first is not None:
        yield first


def _find_secrets(rule: Rule, matter: _Matter, find: Callable[[str], Iterator[Secret]]) -> Iterator[Finding]:
    """Personal data by line, so that a name and a number on two lines are no pair."""
    for line in matter.lines:
        for secret in find(line.raw) if _NUMBER.search(line.raw) else ():
            yield Finding(
                code=rule.code, level=rule.level, words=secret.masked, span=line.place(*secret.span),
                clause=line.clause, demands=line.demands, params=(("object", rule.object),),
            )  # fmt: skip


def _find_phones(rule: Rule, matter: _Matter) -> Iterator[Finding]:
    """Names beside numbers within a line, and in the rows of a table, whose cells are lines of their own."""
    yield from _find_secrets(rule, matter, find_contacts)
    for secret in find_listed(matter.text) if "\t" in matter.text else ():
        start, end = secret.span
        line = next((line for line in matter.lines if line.start is not None and start <= line.start < end), None)
        if line is not None:
            yield Finding(
                code=rule.code, level=rule.level, words=secret.masked, span=secret.span,
                clause=line.clause, demands=line.demands, params=(("object", rule.object),),
            )  # fmt: skip


def _find_above(rule: Rule, matter: _Matter) -> Iterator[Finding]:
    yield from find_above_stated(rule, matter.lines)
    if matter.tree is not None:
        yield from find_above_base(rule, matter.asks, matter.tree, matter.day)


_CHECKS: Mapping[str, Callable[[Rule, _Matter], Iterator[Finding]]] = MappingProxyType(
    {
        "": lambda rule, matter: find_words(rule, matter.lines, matter.issuer),
        "length": lambda rule, matter: find_length(rule, matter.text, matter.title),
        "duplicates": lambda rule, matter: find_duplicates(rule, matter.asks),
        "sample": lambda rule, matter: find_samples(rule, matter.lines),
        "share": lambda rule, matter: find_shares(rule, matter.lines),
        "base": _find_above,
        "identity": lambda rule, matter: _find_secrets(rule, matter, find_identities),
        "phone": _find_phones,
        "account": lambda rule, matter: _find_secrets(rule, matter, find_accounts),
    }
)
