"""Duties in English beside the core's Chinese: the same table, other words."""

from datetime import date
from types import MappingProxyType

from wuzha.adapters.wording.words import ATTRIBUTES_EN, LINES_EN, UNIT_KINDS_EN, Language
from wuzha.core.duty import sentence
from wuzha.core.duty.model import Duty
from wuzha.core.duty.sentence import CHINESE, Titles, Words

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec")


def _say_day(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


ENGLISH = Words(
    kinds=UNIT_KINDS_EN,
    lines=LINES_EN,
    attributes=ATTRIBUTES_EN,
    heads=MappingProxyType(
        {
            "population": "for each resident",
            "households": "for each household",
            "staff": "for each member of staff",
            "students": "for each student",
            "outlets": "for each outlet",
            "venues": "for each key venue",
        }
    ),
    populations=MappingProxyType(
        {
            "household": "households",
            "resident": "residents",
            "student": "students",
            "staff": "staff",
            "outlet": "outlets",
            "venue": "key venues",
        }
    ),
    roads=MappingProxyType({"main_road": "main roads"}),
    grades=MappingProxyType({"high": "high-risk", "medium": "medium-risk", "low": "low-risk"}),
    rhythms=MappingProxyType(
        {
            "day": "every day",
            "week": "every week",
            "fortnight": "every two weeks",
            "month": "every month",
            "quarter": "every quarter",
            "half-year": "every half-year",
            "semester": "every semester",
            "year": "every year",
        }
    ),
    phrases=MappingProxyType(
        {
            "who.nobody": "(nobody named yet)",
            "who.kind": "{words}",
            "who.county": "The whole county",
            "who.line": "All units of {words}",
            "who.all": "All units",
            "who.kind-line": "{kinds} of {lines}",
            "who.department-line": "Departments of {lines}",
            "who.attribute": "{who} with {attributes}",
            "who.area": "{who} in {areas}",
            "when.due": "{rhythm} by day {day}",
            "when.due-last": "{rhythm} by day {day} of its last month",
            "when.by": "by {day}",
            "when.next_workday": "{when}, or the next working day",
            "when.previous_workday": "{when}, or the working day before",
            "when.both": "{often}, {stretch}",
            "when.days": "{opens} to {last}",
            "do.event": "{who}: at least {amount} × {object} {when} {narrow}",
            "do.visit": "{who}: at least {amount} × {object} {when} {narrow}",
            "do.handout": "{who}: at least {amount} × {object} {when} {narrow}",
            "do.pledge": "{who}: at least {amount} × {object} {when} {narrow}",
            "do.posting": "{who}: at least {amount} × {object} {when} {narrow}",
            "do.count": "{who}: at least {amount} × {object} {when} {narrow}",
            "do.rate": "{who}: {object}, at least {amount} of {base} {when} {narrow}",
            "do.each": "{who}: at least {amount} × {object} {head} {when} {narrow}",
            "do.people": "{who}: {object} for at least {amount} people {when} {narrow}",
            "keep": "{who}: {object} standing, at least {amount} {when} {narrow}",
            "keep.rate": "{who}: {object} standing, at least {amount} of {base} {when} {narrow}",
            "keep.each": "{who}: {object} standing, at least {amount} {head} {when} {narrow}",
            "cover": "{who}: reach at least {amount} {object} {when} {narrow}",
            "cover.share": "{who}: reach at least {amount} of {object} {when} {narrow}",
            "file": "{who}: hand in {object} {when}",
            "check": "{who}: {object} of every {narrow} file {when}",
            "space": "{who}: {object} along {road}, no gap above {amount} m",
            "attain.at_least": "{who}: {object} at least {amount} {when}",
            "attain.at_most": "{who}: {object} at most {amount} {when}",
            "attain.zero": "{who}: {object} none {when}",
            "attain.down": "{who}: {object} down by at least {amount} {against} {when}",
            "attain.up": "{who}: {object} up by at least {amount} {against} {when}",
            "attain.not-up": "{who}: {object} up by at most {amount} {against} {when}",
            "attain.not-down": "{who}: {object} down by at most {amount} {against} {when}",
            "against.last_year": "on last year",
            "against.last_period": "on the period before",
            "measure.loss_yuan": "{object} (yuan lost)",
            "measure.area_m2": "{object} (area)",
            "narrow.place": "(at {words})",
            "narrow.audience": "(for {words})",
            "vague": "{who}: {object} {when} (listed, not counted)",
            "listed": "{who}: {object} (listed, not counted)",
            "goal.at_least": "at least {amount}",
            "goal.at_most": "at most {amount}",
            "goal.of": "at least {amount} of {base}",
            "goal.each": "at least {amount} {head}",
            "goal.metres": "no gap above {amount} m",
            "goal.down": "down by at least {amount} {against}",
            "goal.up": "up by at least {amount} {against}",
            "goal.not-up": "up by at most {amount} {against}",
            "goal.not-down": "down by at most {amount} {against}",
            "goal.none": "",
        }
    ),
    comma=", ",
    title=lambda kind: kind.title_en,
    day=_say_day,
)


def render_duty(duty: Duty, kinds: Titles, language: Language = "zh") -> str:
    """The duty in one sentence of the language."""
    return sentence.render_duty(duty, kinds, ENGLISH if language == "en" else CHINESE)


def render_goal(duty: Duty, language: Language = "zh") -> str:
    return sentence.render_goal(duty, ENGLISH if language == "en" else CHINESE)
