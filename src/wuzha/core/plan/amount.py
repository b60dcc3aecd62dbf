"""Amounts as a plan file writes them: ``12``, ``50%``, ``200 m``, ``{per_thousand: 1, of: population}``, a change."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from wuzha.core.base.numerals import fold
from wuzha.core.duty.model import Side, Target
from wuzha.core.plan.language import EXAMPLES, FORMS, TARGET_KEYS, Form
from wuzha.core.plan.node import Node, show

RATE_BASES: tuple[tuple[str, int], ...] = (("per", 1), ("percent", 100), ("per_thousand", 1000))
METRES: Mapping[str, int] = MappingProxyType({"m": 1, "米": 1, "km": 1000, "公里": 1000, "千米": 1000})
SHARES: Mapping[str, int] = MappingProxyType({"%": 100, "‰": 1000})
AMOUNT = re.compile(r"([+-]?\d{1,12}(?:\.\d{1,6})?)\s*(%|‰|m|米|km|公里|千米)?")


@dataclass(frozen=True, slots=True)
class Amount:
    """A number and how it was written. With ``of`` it is meant for each one of that attribute."""

    value: Fraction
    form: Form
    of: str = ""


def read_target(duty: Node, verb: str) -> Target | None:
    """The one target of a duty, in a form that its verb can be held against; None if there is none or it is wrong."""
    written = [node for key in TARGET_KEYS if not (node := duty.find(key)).is_absent()]
    if len(written) > 1:
        written[1].tell("plan.target-twice", first=written[0].key, second=written[1].key)
    if not written:
        return None
    return _read_change(written[0]) if written[0].key == "change" else _read_plain(written[0], verb)


def _read_plain(node: Node, verb: str) -> Target | None:
    amount = read_amount(node)
    if amount is None:
        return None
    if amount.form not in FORMS.get(verb, (amount.form,)):
        examples = " / ".join(EXAMPLES[form] for form in FORMS[verb])
        node.tell("plan.amount-form", key=node.key, verb=verb, value=show(node.value), examples=examples)
        return None
    return Target(_tell_side(node), amount.value, amount.form == "share", amount.of)


def _tell_side(node: Node) -> Side:
    return "at_least" if node.key == "at_least" else "at_most"


def _read_change(node: Node) -> Target | None:
    """``{at_most: -20%, against: last_year}``: a relative change; a fall is negative."""
    if not node.is_mapping(("at_least", "at_most", "against")):
        return None
    against = node.find("against")
    sides = [side for key in ("at_least", "at_most") if not (side := node.find(key)).is_absent()]
    if len(sides) != 1:
        node.tell("plan.change-side")
        return None
    amount = read_amount(sides[0])
    if not against.require() or amount is None:
        return None
    if amount.form != "share":
        sides[0].refuse("plan.not-a-share")
        return None
    return Target(_tell_side(sides[0]), amount.value, share=True, against=against.read_text())


def read_amount(node: Node) -> Amount | None:
    """The amount that a value writes, or None after telling what is wrong."""
    if isinstance(node.value, Mapping):
        return _read_rate(node)
    amount = parse_amount(node.value)
    if amount is None:
        node.refuse("plan.not-an-amount")
    return amount


def parse_amount(value: object) -> Amount | None:
    """``12``, ``50%``, ``1‰``, ``200 m``, ``1 km``, full-width signs too; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    match = AMOUNT.fullmatch(fold(str(value)).strip().replace("％", "%"))
    if not match:
        return None
    number, sign = Fraction(match[1]), match[2] or ""
    if sign in SHARES:
        return Amount(number / SHARES[sign], "share")
    return Amount(number * METRES[sign], "metres") if sign else Amount(number, "count")


def _read_rate(node: Node) -> Amount | None:
    """``{per_thousand: 1, of: population}``; ``{per: 4, of: outlets}`` is four for each outlet."""
    keys = [key for key, _ in RATE_BASES]
    if not node.is_mapping((*keys, "of")):
        return None
    rates = [(number, base) for key, base in RATE_BASES if not (number := node.find(key)).is_absent()]
    if len(rates) != 1:
        node.tell("plan.rate-base", known="、".join(keys))
        return None
    number, base = rates[0]
    amount = parse_amount(number.value)
    if amount is None or amount.form != "count":
        number.refuse("plan.not-a-number")
        return None
    of = node.find("of")
    return Amount(amount.value / base, "rate", of.read_text()) if of.require() else None
