"""Words for titles: where a unit stands, what comes next, how a criterion stands."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from django import template
from django.template.context import RequestContext
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wuzha.core.assessment.model import Standing, Status
from wuzha.core.ledger.credit import list_feeding_kinds
from wuzha.core.title.criteria import CriterionFinding, Ground
from wuzha.core.title.next import Ask
from wuzha.core.title.share import Stage
from wuzha.web.accounts.templatetags.wuzha import render_day
from wuzha.web.campaign.forms.titles import GROUNDS
from wuzha.web.campaign.kinds import load_kinds
from wuzha.web.campaign.models import TitleStep
from wuzha.web.campaign.queries.titles import Quiet, UnitTitle

register = template.Library()

STAGES: Mapping[str, Any] = MappingProxyType(
    {
        Stage.NONE: pgettext_lazy("title", "not applied"),
        Stage.APPLYING: pgettext_lazy("title", "applying"),
        Stage.NOTICED: pgettext_lazy("title", "in public notice"),
        Stage.HELD: pgettext_lazy("title", "held"),
        Stage.PAUSED: pgettext_lazy("title", "paused"),
        Stage.EXPIRED: pgettext_lazy("title", "ended"),
        Stage.REVOKED: pgettext_lazy("title", "revoked"),
        Stage.REFUSED: pgettext_lazy("title", "not awarded"),
    }
)
# By shape and colour they are shown like standings, by word like themselves.
SHAPES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        Stage.NONE: ("upcoming", "·"),
        Stage.APPLYING: ("open", "◐"),
        Stage.NOTICED: ("open", "◐"),
        Stage.HELD: ("met", "●"),
        Stage.PAUSED: ("late", "◑"),
        Stage.EXPIRED: ("unknown", "◌"),
        Stage.REVOKED: ("missed", "○"),
        Stage.REFUSED: ("unknown", "◌"),
    }
)
CERTIFICATES: Mapping[str, tuple[str, str, Any]] = MappingProxyType(
    {
        "valid": ("met", "●", pgettext_lazy("certificate", "valid")),
        "paused": ("late", "◑", pgettext_lazy("certificate", "of no effect while the title is paused")),
        "revoked": ("missed", "○", pgettext_lazy("certificate", "void, the title was revoked")),
        "ended": ("unknown", "◌", pgettext_lazy("certificate", "ended")),
        "earlier": ("exempt", "—", pgettext_lazy("certificate", "a later one holds")),
    }
)
FINDINGS: Mapping[str, tuple[str, str, Any]] = MappingProxyType(
    {
        Ground.MET: ("met", "●", pgettext_lazy("criterion", "met")),
        Ground.MISSED: ("missed", "○", pgettext_lazy("criterion", "not met")),
        Ground.UNKNOWN: ("unknown", "◌", pgettext_lazy("criterion", "cannot be told")),
        Ground.PENDING: ("open", "◐", pgettext_lazy("criterion", "not met yet")),
        Ground.NOT_BEGUN: ("upcoming", "·", pgettext_lazy("criterion", "not begun")),
        Ground.NOT_ASKED: ("exempt", "—", pgettext_lazy("criterion", "not asked")),
    }
)
NEXT: Mapping[str, Any] = MappingProxyType(
    {
        Ask.APPLY: _("{unit} may apply whenever it likes; nobody has to."),
        Ask.SELF_CHECK: _("Next: {unit} checks itself against the criteria below and confirms, by {by}."),
        Ask.MEND: _("Next: {unit} mends what is wanting and checks itself again, by {by}."),
        Ask.VISIT: _("Next: an officer comes and looks at each criterion on the spot, by {by}."),
        Ask.VISIT_AGAIN: _("Next: {unit} mends what the visit found wanting, and an officer comes again, by {by}."),
        Ask.NOTICE: _("Next: {office} gives public notice, by {by}."),
        Ask.SETTLE: _("Next: {office} settles the objection, by {by}."),
        Ask.WAIT: _("The notice hangs until {by}. Where nothing is objected, {office} may award from {opens} on."),
        Ask.AWARD: _("The notice has hung for five working days. Next: {office} awards the title, by {by}."),
        Ask.RESUME: _("Next: {office} finishes looking at the case and lets the title go on, by {by}."),
        Ask.RENEW: _("{unit} may apply for its renewal from {opens} on; the title runs until {by}."),
    }
)
RENEW_NOW = _("Next: {unit} may apply for its renewal now; all steps are to be done by {by}.")
OVERDUE = _("This day has passed.")


@register.simple_tag
def certificate_state(standing: UnitTitle, is_last: bool) -> SafeString:
    """What a certificate is worth on the day of the page: shape, word and colour. Only the last one can be valid."""
    shape, sign, word = CERTIFICATES[_find_state(standing) if is_last else "earlier"]
    return format_html('<span class="status status-{}"><span aria-hidden="true">{}</span> {}</span>', shape, sign, word)


def _find_state(standing: UnitTitle) -> str:
    if standing.title.is_revoked:
        return "revoked"
    if standing.title.is_paused:
        return "paused"
    return "valid" if standing.stage is Stage.HELD else "ended"


@register.inclusion_tag("parts/status.html")
def title_stage(stage: Stage) -> dict[str, object]:
    """``{% title_stage 'held' %}``: shape, word and colour."""
    name, shape = SHAPES[stage]
    return {"name": name, "shape": shape, "word": STAGES[stage]}


@register.filter
def stage_word(stage: str) -> str:
    return str(STAGES[Stage(stage)])


@register.inclusion_tag("parts/status.html")
def finding_status(finding: CriterionFinding) -> dict[str, object]:
    name, shape, word = FINDINGS[finding.ground]
    return {"name": name, "shape": shape, "word": word}


@register.simple_tag(takes_context=True)
def next_text(context: RequestContext, one: UnitTitle) -> str:
    return say_next(one, context["as_of"])


def say_next(one: UnitTitle, as_of: date) -> str:
    """What comes next, who does it, and by when."""
    ask = one.next
    is_open = ask.opens is None or ask.opens <= as_of
    words = RENEW_NOW if ask.ask is Ask.RENEW and is_open else NEXT[ask.ask]
    days = {"by": ask.by, "opens": ask.opens}
    told = {name: render_day(day, as_of.year) if day else "" for name, day in days.items()}
    text = str(words).format(unit=one.unit.name, office=one.program.unit.name, **told)
    is_late = ask.by is not None and ask.by < as_of and ask.ask not in (Ask.RENEW, Ask.WAIT)
    return f"{text}{OVERDUE}" if is_late else text


@register.filter
def count_records(finding: CriterionFinding) -> int:
    return len({one for standing in finding.looked_at for one in standing.tally.records})


@register.filter
def shown_windows(finding: CriterionFinding) -> list[Standing]:
    """Of a criterion that is met the last window that shows it, and after it one that is still to be filled."""
    done = [one for one in finding.looked_at if not (one.status == Status.OPEN and one.shortfall)]
    last = finding.looked_at[-1]
    return done[-1:] if last in done[-1:] else [*done[-1:], last]


@register.filter
def mending_kind(finding: CriterionFinding) -> str:
    """A kind of record by which what is wanting can be mended; empty where the criterion names none."""
    kinds = list_feeding_kinds(finding.duty, load_kinds())
    return finding.duty.object if finding.duty.object in kinds else min(kinds, default="")


@register.filter
def reason_word(step: TitleStep) -> str:
    return str(GROUNDS.get(step.reason, ""))


@register.filter
def list_found(step: TitleStep, quotes: Mapping[str, str]) -> list[tuple[str, bool, str]]:
    """What a visit or a self-check found: the criterion in its words, whether it was met, and what was seen."""
    return [(quotes.get(duty, duty), found["met"], found["note"]) for duty, found in step.findings.items()]


@register.filter
def per_ten_thousand(quiet: Quiet) -> str:
    return f"{quiet.area * 10_000 / quiet.area_population:.1f}"


@register.filter
def chance_text(quiet: Quiet) -> str:
    """In whole per cent; what is nearly nothing or nearly certain is not written as if it were."""
    percent = round(quiet.chance * 100)
    return "<1%" if percent < 1 else (">99%" if percent > 99 else f"{percent}%")


@register.filter
def expected_text(quiet: Quiet) -> str:
    return f"{quiet.expected:.1f}"
