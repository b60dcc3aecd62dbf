"""How records, windows and standings are said, in the language of the page: sentences that a clerk would say.

Values come in, text goes out; nothing is read or decided here.
"""

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from re import fullmatch
from types import MappingProxyType
from typing import Any

from django.utils.translation import get_language, gettext, npgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from wuzha.adapters.wording.words import Language, describe_status
from wuzha.core.assessment.model import Standing, Status
from wuzha.core.assessment.obligations import ONCE
from wuzha.core.base.windows import Cadence, Window
from wuzha.core.duty.model import Duty
from wuzha.core.ledger.record import Kinds, RecordKind
from wuzha.core.supervision.checklist import Item

Counter = Callable[[int], str]

# What is counted, as people count it. A kind that is not named here takes the word of its shape.
SHAPE_COUNTERS: Mapping[str, Counter] = MappingProxyType(
    {
        "event": lambda n: npgettext("counter", "time", "times", n),
        "visit": lambda n: npgettext("counter", "time", "times", n),
        "site": lambda n: npgettext("counter", "place", "places", n),
        "handout": lambda n: npgettext("counter", "copy", "copies", n),
        "pledge": lambda n: npgettext("counter", "pledge", "pledges", n),
        "posting": lambda n: npgettext("counter", "posting", "postings", n),
        "filing": lambda n: npgettext("counter", "document", "documents", n),
        "check": lambda n: npgettext("counter", "file", "files", n),
        "count": lambda n: npgettext("counter", "item", "items", n),
    }
)
KIND_COUNTERS: Mapping[str, Counter] = MappingProxyType(
    {
        "visit": lambda n: npgettext("counter", "household", "households", n),
        "dissuasion": lambda n: npgettext("counter", "person", "persons", n),
        "banner": lambda n: npgettext("counter", "banner", "banners", n),
        "slogan": lambda n: npgettext("counter", "slogan", "slogans", n),
        "board": lambda n: npgettext("counter", "board", "boards", n),
        "poster": lambda n: npgettext("counter", "poster", "posters", n),
        "screen": lambda n: npgettext("counter", "screen", "screens", n),
        "loudspeaker": lambda n: npgettext("counter", "loudspeaker", "loudspeakers", n),
        "cases": lambda n: npgettext("counter", "case", "cases", n),
        "high_loss_cases": lambda n: npgettext("counter", "case", "cases", n),
        "cards": lambda n: npgettext("counter", "card", "cards", n),
        "awareness": lambda n: npgettext("counter", "person", "persons", n),
        "return_rate": lambda n: npgettext("counter", "person", "persons", n),
        "removal_rate": lambda n: npgettext("counter", "person", "persons", n),
        "coverage_rate": lambda n: npgettext("counter", "person", "persons", n),
    }
)
POPULATION_COUNTERS: Mapping[str, Counter] = MappingProxyType(
    {
        "household": lambda n: npgettext("counter", "household", "households", n),
        "resident": lambda n: npgettext("counter", "person", "persons", n),
        "student": lambda n: npgettext("counter", "student", "students", n),
        "staff": lambda n: npgettext("counter", "member of staff", "members of staff", n),
        "outlet": lambda n: npgettext("counter", "outlet", "outlets", n),
        "venue": lambda n: npgettext("counter", "venue", "venues", n),
    }
)
MEASURE_COUNTERS: Mapping[str, Counter] = MappingProxyType(
    {
        "people": lambda n: npgettext("counter", "person", "persons", n),
        "area_m2": lambda n: npgettext("counter", "m²", "m²", n),
        "loss_yuan": lambda n: npgettext("counter", "yuan", "yuan", n),
    }
)

MEASURES: Mapping[str, Any] = MappingProxyType(
    {
        "people": pgettext_lazy("measure", "people"),
        "area_m2": pgettext_lazy("measure", "area"),
        "loss_yuan": pgettext_lazy("measure", "money lost"),
    }
)
POPULATIONS: Mapping[str, Any] = MappingProxyType(
    {
        "household": _("Households reached"),
        "resident": _("Residents reached"),
        "student": _("Students reached"),
        "staff": _("Staff reached"),
        "outlet": _("Outlets reached"),
        "venue": _("Venues reached"),
    }
)
CADENCES: Mapping[Cadence, Any] = MappingProxyType(
    {
        Cadence.DAY: pgettext_lazy("cadence", "daily"),
        Cadence.WEEK: pgettext_lazy("cadence", "weekly"),
        Cadence.FORTNIGHT: pgettext_lazy("cadence", "fortnightly"),
        Cadence.MONTH: pgettext_lazy("cadence", "monthly"),
        Cadence.QUARTER: pgettext_lazy("cadence", "quarterly"),
        Cadence.HALF_YEAR: pgettext_lazy("cadence", "half-yearly"),
        Cadence.SEMESTER: pgettext_lazy("cadence", "each semester"),
        Cadence.YEAR: pgettext_lazy("cadence", "yearly"),
    }
)
POPULATION_WORDS: Mapping[str, Any] = MappingProxyType(
    {
        "household": _("Households"),
        "resident": _("Residents"),
        "student": _("Students"),
        "staff": _("Staff"),
        "outlet": _("Outlets"),
        "venue": _("Key venues"),
    }
)
SHAPES: Mapping[str, Any] = MappingProxyType(
    {
        "event": pgettext_lazy("shape", "Events"),
        "visit": pgettext_lazy("shape", "Visits"),
        "site": pgettext_lazy("shape", "Things put up"),
        "handout": pgettext_lazy("shape", "Handed out"),
        "pledge": pgettext_lazy("shape", "Signed"),
        "posting": pgettext_lazy("shape", "Published online"),
        "filing": pgettext_lazy("shape", "Filed"),
        "check": pgettext_lazy("shape", "Checked"),
        "count": pgettext_lazy("shape", "Counted"),
    }
)
SHAPE_SORTS: Mapping[str, Any] = MappingProxyType(
    {
        "road": _("Road"),
        "main_road": _("Main road"),
        "side_road": _("Other road"),
        "unit": _("Area of a unit"),
        "hoarding": _("Hoarding"),
        "site": _("Place of a site"),
    }
)
CHANGES: Mapping[str, Any] = MappingProxyType(
    {
        "install": pgettext_lazy("change", "put up"),
        "seen": pgettext_lazy("change", "seen in place"),
        "damage": pgettext_lazy("change", "damaged"),
        "replace": pgettext_lazy("change", "replaced"),
        "remove": pgettext_lazy("change", "taken down"),
        "enrol": pgettext_lazy("change", "put on the register"),
        "check": pgettext_lazy("change", "checked"),
        "close": pgettext_lazy("change", "taken off the register"),
    }
)
# What lies on the desk of a post that is handed over.
PILES: Mapping[str, Any] = MappingProxyType(
    {
        "duties": _("Duties not done yet"),
        "plans": _("Drafts of plans"),
        "papers": _("Drafts of papers"),
        "scorecards": _("Drafts of scorecards"),
        "held": _("Corrections that wait for their record"),
        "visits": _("Inspection visits still to be made"),
        "keys": _("Keys that end"),
        "deputies": _("Deputies whose days end"),
    }
)
GRADES: Mapping[str, Any] = MappingProxyType(
    {
        "high": pgettext_lazy("grade", "high risk"),
        "medium": pgettext_lazy("grade", "medium risk"),
        "low": pgettext_lazy("grade", "low risk"),
    }
)
# Why nothing is owed, or why nothing can be said.
REASONS: Mapping[str, Any] = MappingProxyType(
    {
        "unit-short": _("The unit exists for less than half of this window, or not before its due day."),
        "duty-short": _("The duty holds for less than half of this window, or not before its due day."),
        "no-subjects": _("Nobody on the register wants a check in this window."),
        "vague": _("The plan names no number here, so it is kept in view and not judged."),
        "no-base": _("The base to count against is not known. Enter it in the roster."),
        "no-data": _("No figures have come in yet."),
        "no-report": _("Nobody has reported for this period yet. Where there was none, a 0 must be entered."),
        "no-earlier": _("Nothing was recorded in the period compared with, so no change can be told."),
        "from-nothing": _("The period compared with has 0, so no change can be told in per cent."),
        "no-source": _("No kind of record can tell this yet, so it is kept in view and not judged."),
    }
)


def is_chinese() -> bool:
    return (get_language() or "zh-hans").startswith("zh")


def language() -> Language:
    return "zh" if is_chinese() else "en"


def title_kind(kind: RecordKind) -> str:
    return kind.title if is_chinese() else kind.title_en


def title_item(item: Item) -> str:
    """What an inspection looks at, in the language of the page; a county's own words have only one."""
    return item.title if is_chinese() else item.title_en or item.title


def say_look(item: Item) -> str:
    """How the inspector looks at it."""
    return item.look if is_chinese() else item.look_en or item.look


def count_kind(kind: RecordKind, amount: int, measure: str = "") -> str:
    """The counting word for a record of the kind: 次, 条, 份."""
    counter = MEASURE_COUNTERS.get(measure or kind.counts) or KIND_COUNTERS.get(kind.code)
    return (counter or SHAPE_COUNTERS[kind.shape])(amount)


def count_duty(duty: Duty, kinds: Kinds, amount: Fraction | int) -> str:
    """The counting word for the duty's tally; none for a share or a change."""
    number = 1 if amount == 1 else 2
    if duty.verb == "space":
        return npgettext("counter", "metre", "metres", number)
    if duty.verb == "cover":
        return POPULATION_COUNTERS.get(duty.object, POPULATION_COUNTERS["resident"])(number)
    kind = kinds.get(duty.object)
    return count_kind(kind, number, duty.measure) if kind else ""


def title_duty(duty: Duty, kinds: Kinds) -> str:
    """The duty in a few words, for the head of a column: what it is about, not how much."""
    if duty.verb == "cover":
        return str(POPULATIONS.get(duty.object, duty.object))
    if duty.verb == "space":
        return gettext("%(thing)s along the road") % {"thing": _title_code(duty.object, kinds)}
    marks = "、" if is_chinese() else ", "
    title = marks.join(_title_code(code, kinds) for code in (duty.object, *duty.also))
    mark = GRADES.get(duty.narrow.grade) or _mark_measure(duty, kinds)
    return f"{title}（{mark}）" if mark and is_chinese() else f"{title} ({mark})" if mark else title


def _mark_measure(duty: Duty, kinds: Kinds) -> Any:
    """What is counted, where it is not what the kind itself counts: losses, not cases."""
    kind = kinds.get(duty.object)
    return MEASURES.get(duty.measure) if kind and duty.measure != kind.counts else None


def _title_code(code: str, kinds: Kinds) -> str:
    return title_kind(kinds[code]) if code in kinds else code


def title_cadence(duty: Duty) -> str:
    """每月, or by when for a duty owed once."""
    if duty.rhythm is not None:
        return str(CADENCES[duty.rhythm.cadence])
    last = duty.by or duty.valid.last_day
    return gettext("by %(day)s") % {"day": say_day(last)}


def say_day(day: date, as_of: date | None = None) -> str:
    """6月30日; with its year when that is not the year of ``as_of``."""
    year = as_of is not None and day.year != as_of.year
    if is_chinese():
        return f"{day.year}年{day.month}月{day.day}日" if year else f"{day.month}月{day.day}日"
    return f"{day.day} {day:%b} {day.year}" if year else f"{day.day} {day:%b}"


def say_number(value: Fraction | int) -> str:
    """1,234 or 12.5: at most one decimal, and none where there is none."""
    number = Fraction(value)
    return f"{int(number):,}" if number.denominator == 1 else f"{float(number):,.1f}"


def say_metres(metres: Fraction | float) -> str:
    """As one says it along a road: 1,240 m."""
    return gettext("%(m)s m") % {"m": f"{round(metres):,}"}


def say_value(duty: Duty, value: Fraction | None) -> str:
    """A tally's value in its own measure: a share or a change as per cent, everything else as a number."""
    if value is None:
        return "—"
    if not is_share(duty):
        return say_number(value)
    sign = "+" if duty.target is not None and duty.target.against and value > 0 else ""
    return f"{sign}{float(value * 100):.1f}%".replace(".0%", "%").replace("-", "−")


def is_share(duty: Duty) -> bool:
    """Whether the tally's value is a share or a change, not a count. ``cover`` counts heads even for a share."""
    return duty.verb == "attain" and duty.target is not None and (duty.target.share or bool(duty.target.against))


def say_window(window: Window, as_of: date) -> str:
    """The window as people name it: 5月, 第21周（5月18日—24日）, 第2季度."""
    first, last = window.opens, window.interval.last_day
    if window.label == ONCE:
        return gettext("%(first)s to %(last)s") % {"first": say_day(first, as_of), "last": say_day(last, as_of)}
    if window.opens == last:
        return say_day(first, as_of)
    if found := fullmatch(r"(\d+)-W(\d+)", window.label):
        return gettext("week %(number)s (%(first)s to %(last)s)") % {
            "number": int(found[2]),
            "first": say_day(first, as_of),
            "last": say_day(last),
        }
    return _say_calendar(window, as_of)


def _say_calendar(window: Window, as_of: date) -> str:
    """Months and what is built of them; a span of days for the rest."""
    year = window.label[:4]
    shown_year = "" if int(year) == as_of.year else year
    if found := fullmatch(r"\d+-(\d\d)", window.label):
        month = date(window.opens.year, int(found[1]), 1)
        name = f"{month.month}月" if is_chinese() else f"{month:%B}"
    elif found := fullmatch(r"\d+-([QHS])(\d)", window.label):
        name = str(PARTS[found[1] + found[2]])
    elif fullmatch(r"\d+", window.label):
        return gettext("year %(year)s") % {"year": year}
    else:
        words = {"first": say_day(window.opens, as_of), "last": say_day(window.interval.last_day, as_of)}
        return gettext("%(first)s to %(last)s") % words
    return gettext("%(part)s of %(year)s") % {"part": name, "year": shown_year} if shown_year else name


PARTS: Mapping[str, Any] = MappingProxyType(
    {
        "Q1": _("first quarter"),
        "Q2": _("second quarter"),
        "Q3": _("third quarter"),
        "Q4": _("fourth quarter"),
        "H1": _("first half of the year"),
        "H2": _("second half of the year"),
        "S1": _("spring semester"),
        "S2": _("autumn semester"),
    }
)


def say_tally(duty: Duty, standing: Standing, kinds: Kinds) -> str:
    """41 / 50 户: the value, the goal and the counting word; 无法判断 never as a number, nor what is not owed."""
    tally = standing.tally
    if tally.value is None and standing.status in (Status.EXEMPT, Status.WAIVED):
        return gettext("not counted")
    if tally.value is None or tally.goal is None:
        return describe_status(Status.UNKNOWN, language())
    counter = "" if is_share(duty) else f" {count_duty(duty, kinds, tally.goal)}"
    return f"{say_value(duty, tally.value)} / {say_value(duty, tally.goal)}{counter}".rstrip()


def say_standing(duty: Duty, standing: Standing, kinds: Kinds, as_of: date) -> str:
    """What is still wanting and by when, or that it is done; the one sentence of an obligation."""
    match standing.status:
        case Status.EXEMPT | Status.WAIVED | Status.UNKNOWN:
            return str(REASONS.get(standing.reason, standing.reason or gettext("Nothing is asked here.")))
        case Status.UPCOMING:
            return gettext("Begins on %(day)s.") % {"day": say_day(standing.obligation.window.opens, as_of)}
        case Status.MET:
            return gettext("Done: %(tally)s.") % {"tally": say_tally(duty, standing, kinds)}
        case Status.LATE:
            words = {"tally": say_tally(duty, standing, kinds), "day": say_day(standing.obligation.due_on, as_of)}
            return gettext("Done: %(tally)s, later than %(day)s.") % words
        case _:
            return _say_wanting(duty, standing, kinds, as_of)


def _say_wanting(duty: Duty, standing: Standing, kinds: Kinds, as_of: date) -> str:
    due = say_day(standing.obligation.due_on, as_of)
    if standing.status == Status.OPEN and not standing.shortfall:
        return gettext("on course; decided after %(day)s") % {"day": due}
    wanting = say_shortfall(duty, standing, kinds)
    if standing.status == Status.OPEN:
        return gettext("%(wanting)s, by %(day)s.") % {"wanting": wanting, "day": due}
    words = {"wanting": wanting, "day": due, "last": say_day(standing.obligation.window.interval.last_day, as_of)}
    if as_of < standing.obligation.window.closes:
        return gettext("%(wanting)s; was due on %(day)s. Done by %(last)s it still counts, as late.") % words
    return gettext("%(wanting)s; ended on %(day)s. What was done then and not recorded can still be recorded.") % words


def say_shortfall(duty: Duty, standing: Standing, kinds: Kinds) -> str:
    """还差 1 次; for a verb with a limit, how things are and what is asked."""
    if duty.verb == "file":
        return gettext("not handed in yet")
    words = {"value": say_value(duty, standing.tally.value), "goal": say_value(duty, standing.tally.goal)}
    if duty.verb == "space":
        return gettext("longest gap %(value)s m, at most %(goal)s m asked") % words
    if duty.verb == "attain":
        return _say_indicator(duty) % words
    amount = standing.shortfall or Fraction(0)
    return gettext("%(number)s %(counter)s to go") % {
        "number": say_number(amount),
        "counter": count_duty(duty, kinds, amount),
    }


def _say_indicator(duty: Duty) -> str:
    if duty.target is not None and duty.target.side == "at_most":
        return gettext("now %(value)s, at most %(goal)s asked")
    return gettext("now %(value)s, at least %(goal)s asked")
