"""What the plan pages show: lists of plans, the document in colours, and the duties read from it. Reads only."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from wuzha.adapters.lint_rules import load_rules
from wuzha.adapters.plan_yaml import check_plan_yaml, read_plan_yaml, render_plan_yaml
from wuzha.adapters.wording.duty import render_duty
from wuzha.adapters.wording.words import Language
from wuzha.core.base.problem import Problem, Source, make_problem
from wuzha.core.base.unit import Tree
from wuzha.core.duty.model import Duty
from wuzha.core.ledger.record import Kinds
from wuzha.core.plan.build import sketch_plan
from wuzha.core.plan.check import check_plan
from wuzha.core.plan.lint.lint import Quoted, find_forbidden
from wuzha.core.plan.lint.rule import Finding
from wuzha.core.plan.model import Plan
from wuzha.core.plan.node import Path
from wuzha.core.plan.personal import cover_quotes
from wuzha.core.plan.reading import SentenceFate
from wuzha.web.campaign.kinds import load_kinds, load_kinds_at
from wuzha.web.campaign.models import Document, DraftDuty, PlanVersion

State = PlanVersion.State
Decision = DraftDuty.Decision
DAY_KEYS = ("from", "to", "by")
# Of a duty that was split off: it says of its part what the whole said, until a person has looked at it.
PART = "part-of-another"


@dataclass(frozen=True, slots=True)
class Shelves:
    """The plans in sight: under review, and the issued ones by where the day lies in their validity."""

    drafts: Sequence[PlanVersion]
    in_force: Sequence[PlanVersion]
    coming: Sequence[PlanVersion]
    ended: Sequence[PlanVersion]

    def __iter__(self) -> Iterator[PlanVersion]:
        return chain(self.drafts, self.in_force, self.coming, self.ended)

    @property
    def is_empty(self) -> bool:
        return not (self.drafts or self.in_force or self.coming or self.ended)


def list_shelves(plans: QuerySet[PlanVersion], as_of: date) -> Shelves:
    """Each plan with how many duties it has and how many of them still wait for a decision."""
    proposed = Count("draft_duties", filter=Q(draft_duties__decision=Decision.PROPOSED))
    kept = Count("draft_duties", filter=~Q(draft_duties__decision__in=(Decision.DROPPED, Decision.GONE)))
    counted = list(plans.defer("reading", "text").annotate(waiting=proposed, duty_count=kept))
    shelves: dict[str, list[PlanVersion]] = {"drafts": [], "in_force": [], "coming": [], "ended": []}
    for plan in counted:
        shelves[_choose_shelf(plan, as_of)].append(plan)
    return Shelves(**shelves)


def _choose_shelf(plan: PlanVersion, as_of: date) -> str:
    if plan.state == State.DRAFT:
        return "drafts"
    if plan.valid_from is not None and as_of < plan.valid_from:
        return "coming"
    return "ended" if plan.valid_to is not None and plan.valid_to < as_of else "in_force"


def encode_days(value: Any) -> Any:
    """Plain values of the plan language for a JSON column: days become ISO text."""
    if isinstance(value, Mapping):
        return {str(key): encode_days(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [encode_days(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def decode_days(mapping: Mapping[str, Any]) -> dict[str, Any]:
    """The other way, for a duty or a phase. Text that is no day stays, so that whoever reads it can say so."""
    return {key: _decode_day(item) if key in DAY_KEYS else item for key, item in mapping.items()}


def _decode_day(value: object) -> object:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return value


def list_phases(plan: PlanVersion) -> list[dict[str, Any]]:
    """The phases of a draft in the plan language. They lie beside the reading until the plan is issued."""
    return [decode_days(phase) for phase in plan.reading.get("draft_phases", ())]


def make_mapping(plan: PlanVersion, duties: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """A draft with these duties, as a plan file would say it."""
    valid = {"from": plan.valid_from, "to": plan.valid_to}
    return {
        "title": plan.title,
        "issuer": plan.issuer or None,
        "valid": {key: day for key, day in valid.items() if day} or None,
        "phases": list_phases(plan) or None,
        "duties": [decode_days(duty) for duty in duties],
    }


@dataclass(frozen=True, slots=True)
class Look:
    """What the plan language makes of one draft duty: its value, if it has one, and what is wrong with it."""

    duty: Duty | None
    problems: tuple[Problem, ...]


def look_at_duties(plan: PlanVersion, duties: Sequence[Mapping[str, Any]]) -> list[Look]:
    """Every duty by itself, in order, in one pass. Mistakes of the plan's head are not told here."""
    places = {str(duty.get("id", "")): number for number, duty in enumerate(duties)}
    found = _examine(make_mapping(plan, duties), places, load_kinds_at(plan.unit.path))
    return [Look(duty, tuple(problems)) for duty, problems in found]


def _examine(
    mapping: Mapping[str, Any], places: Mapping[str, int], kinds: Kinds
) -> list[tuple[Duty | None, list[Problem]]]:
    def locate(path: Path) -> Source:
        number = path[1] if len(path) > 1 and path[0] == "duties" else None
        row = places.get(number, 0) if isinstance(number, str) else number
        return Source(row=row, key=next((part for part in reversed(path) if isinstance(part, str)), ""))

    sketch = sketch_plan(mapping, locate)
    known = {duty.id: duty for duty in sketch.plan.duties}
    found: list[tuple[Duty | None, list[Problem]]] = [
        (known.get(str(duty.get("id"))), []) for duty in mapping["duties"]
    ]
    for problem in (*sketch.problems, *check_plan(sketch.plan, kinds, None, locate)):
        if problem.source.row is not None:
            source = Source(key=problem.source.key)
            found[problem.source.row][1].append(replace(problem, source=source))
    return found


def say_duty(duty: Duty, language: Language) -> str:
    """Wuzha's own sentence for a duty, to hold against the document's."""
    return render_duty(duty, load_kinds(), language)


def list_rows(plan: PlanVersion) -> list[DraftDuty]:
    """The duties of a draft in document order, without those that are gone; each knows its plan without a query."""
    kept = plan.draft_duties.exclude(decision=Decision.GONE).select_related("changed_by")
    rows = sorted(kept, key=_place_row)
    for row in rows:
        row.version = plan
    return rows


def _place_row(row: DraftDuty) -> tuple[int, int]:
    span = row.duty.get("span") or [10**9]
    return span[0], row.position


def read_text(plan: PlanVersion) -> str:
    """The text of the document, without loading the file's bytes; empty for a plan that came without one."""
    if plan.document_id is None:
        return ""
    rows = PlanVersion.objects.filter(pk=plan.pk).values_list("document__text", flat=True)
    return str(rows[0] or "")


def get_document(plan: PlanVersion) -> Document:
    """The file as it was uploaded. Raises ``Http404`` for a plan that came without one."""
    if plan.document is None:
        raise Http404
    return plan.document


def write_plan(plan: PlanVersion, tree: Tree | None = None) -> tuple[str, tuple[Problem, ...]]:
    """The draft's accepted duties as a plan file, read back and checked; the problems name lines of that text."""
    duties = [row.duty for row in list_rows(plan) if row.decision == Decision.ACCEPTED]
    text = render_plan_yaml(make_mapping(plan, duties))
    read, problems = check_plan_yaml(text, tree=tree, kinds=load_kinds_at(plan.unit.path))
    return text, problems + _list_forbidden(plan, read)


def _list_forbidden(version: PlanVersion, plan: Plan | None) -> tuple[Problem, ...]:
    """The duties that no plan may put in force, whatever its paper says. All other findings only warn."""
    duties = [Quoted(duty.clause, duty.quote, duty.span) for duty in plan.duties] if plan else []
    return tuple(
        make_problem("plan.must-not-issue", Source(clause=finding.clause), words=finding.words)
        for finding in find_forbidden_in(version, duties)
    )


def find_forbidden_in(version: PlanVersion, duties: Iterable[Quoted]) -> tuple[Finding, ...]:
    """What keeps these duties of the plan from being put in force, by the rules of the plan's last day."""
    coverage = list_sentences(version)
    day = version.valid_to or date.max
    return find_forbidden(duties, load_rules(), day, text=read_text(version), coverage=coverage)


def list_sentences(version: PlanVersion) -> tuple[SentenceFate, ...]:
    """The sentences of the document as they were read at the upload."""
    return tuple(
        SentenceFate((item["span"][0], item["span"][1]), item["fate"], item["clause"], tuple(item["duties"]))
        for item in version.reading.get("coverage", ())
    )


def list_issued_duties(plan: PlanVersion, language: Language) -> list[tuple[Duty, str]]:
    """The duties of an issued plan, read from its frozen text, each with Wuzha's own sentence."""
    read, _ = read_plan_yaml(plan.text)
    return [(duty, say_duty(duty, language)) for duty in (cover_quotes(read).duties if read else ())]
