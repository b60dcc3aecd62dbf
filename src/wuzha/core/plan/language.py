"""The words of the plan language: its keys in the order in which they are written, and how amounts may be written.

What each verb takes stands with the verb, in :mod:`wuzha.core.duty.kinds`. docs/plan-language.md tells people.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from wuzha.core.base.unit import ATTRIBUTES
from wuzha.core.base.windows import Cadence
from wuzha.core.duty.kinds import VERBS

Form = Literal["count", "share", "rate", "metres"]
"""How an amount is written; ``EXAMPLES`` shows each."""

FORMS: Mapping[str, tuple[Form, ...]] = MappingProxyType(
    {
        "do": ("count", "rate"),
        "keep": ("count", "rate"),
        "cover": ("share", "count"),
        "space": ("metres",),
        "attain": ("count", "share"),
    }
)
"""The forms that make sense with each verb; the verbs that take no amount are not here."""

EXAMPLES: Mapping[Form, str] = MappingProxyType(
    {"count": "12", "share": "50%", "rate": "{per_thousand: 1, of: population}", "metres": "200 m"}
)

PLAN_KEYS = ("title", "issuer", "valid", "phases", "duties")
DAY_KEYS = ("from", "to")
PHASE_KEYS = ("id", "name", "from", "to")
WHO_KEYS = ("kind", "line", "area", "name", "attribute")
DUE_KEYS = ("day", "on_day_off")
DUTY_KEYS_LATER = ("with_material",)
"""Keys that belong to the language and that nothing can count yet; refused, lest a figure leave them out unsaid."""

TARGET_KEYS = ("at_least", "at_most", "change")
NEEDS_ONE: Mapping[str, tuple[str, ...]] = MappingProxyType({"attain": TARGET_KEYS})
"""Verbs that need one of several keys; those that need a certain key say so themselves."""

ONCE, PHASE = "once", "phase"
UNREPEATED = (ONCE, PHASE)
"""What ``every`` may say of a duty that is owed once: in the time it is in force, or in its phase, which is that."""

STRETCH_DAYS: Mapping[str, int] = MappingProxyType(
    {
        **{Cadence.DAY: 1, Cadence.WEEK: 7, Cadence.FORTNIGHT: 14, Cadence.MONTH: 31, Cadence.QUARTER: 92},
        **{Cadence.HALF_YEAR: 184, Cadence.SEMESTER: 213, Cadence.YEAR: 366},
    }
)
"""How many days ``seen_every`` allows for a word: the longest that such a stretch can be, so that none is called late
that kept the word."""

BASES = ("last_year", "last_period")
MEASURES = ("quantity", "people", "area_m2", "loss_yuan")
ROADS = tuple(name.removesuffix("_m") for name in ATTRIBUTES if name.endswith("_m"))
"""The lines along which things can be spaced: those whose length is an attribute of a unit."""

COMMON_KEYS = ("id", "clause", "quote", "span", "who", "lead", "with", "proof", "vague")
"""What every duty may say, whatever its verb."""

DUTY_KEYS = (
    *("id", "clause", "quote", "span", "who", "lead", "with"),
    *VERBS,
    *("along", "at_least", "at_most", "change", "sum", "through", "grade", "where", "for"),
    *("every", "month_ends", "due", "by", "from", "during", "seen_every", "proof", "vague"),
)
"""Every key of a duty, in the order in which a file is written."""
