"""What in a plan collides with higher rules, ready to be shown: the place in its sentence, the rule, what would do."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from hashlib import sha256

from wuzha.adapters.lint_rules import load_rules
from wuzha.adapters.plan_yaml import read_plan_yaml
from wuzha.adapters.wording.lint import count_findings, say_bases, say_level, say_title, say_why, say_wording
from wuzha.adapters.wording.words import Language
from wuzha.core.base.unit import Tree
from wuzha.core.duty.model import Duty
from wuzha.core.plan.lint.lint import Quoted, lint_duties, lint_plan
from wuzha.core.plan.lint.privacy import mask_personal
from wuzha.core.plan.lint.rule import LEVELS, Finding, choose_day
from wuzha.core.plan.reading import Reading, Span
from wuzha.web.accounts.models import AuditEntry
from wuzha.web.campaign.models import DraftDuty, PlanVersion
from wuzha.web.campaign.queries.plans import find_forbidden_in, list_rows, list_sentences, look_at_duties, read_text

LET_STAND_ACTION, TAKEN_UP_ACTION = "plan.finding-let-stand", "plan.finding-taken-up"
"""What the audit log calls letting a finding stand, and opening it again."""

AROUND = 60
"""How many characters of the sentence stand before and behind what was found."""


@dataclass(frozen=True, slots=True)
class Place:
    """What was found, within its sentence. Numbers that lead to a person are masked."""

    before: str
    words: str
    after: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """A duty on the page of its plan: where its words stand and how it is reached."""

    span: Span | None
    id: str
    quote: str
    href: str

    def holds(self, finding: Finding) -> bool:
        """Whether the duty is about what was found: by its place, else by its own id or its words."""
        if finding.span is not None and self.span is not None:
            return self.span[0] <= finding.span[0] < self.span[1]
        return self.id in finding.demands or bool(finding.words and finding.words in self.quote)


@dataclass(frozen=True, slots=True)
class Stand:
    """Somebody looked at a finding and let it stand."""

    who: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Told:
    """A finding in the language of the page. ``anchor`` leads to its duty on the page of the plan, if it has one."""

    finding: Finding
    key: str
    stand: Stand | None
    level: str
    title: str
    bases: tuple[str, ...]
    is_proposal: bool
    why: str
    wording: str
    place: Place | None
    anchor: str


@dataclass(frozen=True)
class Checkup:
    """The plan held against the rules of ``day``; the gravest findings first, those of one level in order of text."""

    plan: PlanVersion
    day: date
    language: Language
    findings: Sequence[Finding]
    text: str
    anchors: Sequence[Anchor]
    stands: Mapping[str, Stand]
    is_refused: bool = False
    """Whether issuing is refused for a duty that is still kept, whoever let its finding stand."""

    @property
    def answer(self) -> str:
        return count_findings(self.findings, self.language)

    @cached_property
    def open(self) -> list[Finding]:
        """What nobody has let stand."""
        return [finding for finding in self.findings if name_finding(finding) not in self.stands]

    @property
    def keys(self) -> frozenset[str]:
        """The keys of all that is found now."""
        return frozenset(name_finding(finding) for finding in self.findings)

    @property
    def let_stand(self) -> int:
        return len(self.findings) - len(self.open)

    @property
    def gravest(self) -> str:
        """The gravest level that is open; empty for none."""
        return next((level for level in LEVELS if any(item.level == level for item in self.open)), "")

    @property
    def blocks(self) -> bool:
        """Whether something in the plan is such that it should not be issued."""
        return self.is_refused or any(load_rules()[finding.code].blocks for finding in self.open)

    @cached_property
    def told(self) -> list[Told]:
        ordered = sorted(self.findings, key=lambda finding: LEVELS.index(finding.level))
        return [self._tell(finding) for finding in ordered]

    @property
    def rules(self) -> list[tuple[str, str]]:
        """What the plan was held against: each rule's title and what gives it away."""
        held = [rule for rule in load_rules().values() if rule.applies_on(self.day)]
        return [(say_title(rule, self.language), rule.looks_for) for rule in held]

    def _tell(self, finding: Finding) -> Told:
        rule = load_rules()[finding.code]
        return Told(
            finding=finding,
            key=name_finding(finding),
            stand=self.stands.get(name_finding(finding)),
            level=say_level(finding.level, self.language),
            title=say_title(rule, self.language),
            bases=say_bases(rule, self.day, self.language),
            is_proposal=rule.is_proposal,
            why=say_why(rule, finding, self.language),
            wording=say_wording(rule, finding, self.language),
            place=self._place(finding),
            anchor=next((anchor.href for anchor in self.anchors if anchor.holds(finding)), ""),
        )

    def _place(self, finding: Finding) -> Place | None:
        if not finding.words:
            return None
        if finding.span is None or not self.text:
            return Place("", mask_personal(finding.words), "")
        start, end = finding.span
        low = max(self.text.rfind("\n", 0, start) + 1, start - AROUND)
        line_end = self.text.find("\n", end)
        high = min(line_end if line_end >= 0 else len(self.text), end + AROUND)
        return Place(*_mask_apart(self.text[low:start], finding.words, self.text[end:high]))


def _mask_apart(before: str, words: str, after: str) -> tuple[str, str, str]:
    """The three pieces masked as one text, so that a number that lies across an edge is masked too."""
    masked = mask_personal(before + words + after)
    start, end = len(before), len(before) + len(words)
    return masked[:start], masked[start:end], masked[end:]


def name_finding(finding: Finding) -> str:
    """What tells a finding from the others of its plan: its rule, its place, and a digest of what was found there.

    The document never changes, a duty does: with another target it is another finding, which nobody has let stand.
    """
    place = "-".join(str(at) for at in finding.span) if finding.span else " ".join(finding.demands)
    found = "\n".join([finding.words, *(f"{name}={value}" for name, value in finding.params)])
    return f"{finding.code}@{place}"[:100] + "." + sha256(found.encode()).hexdigest()[:16]


def list_stands(plan: PlanVersion) -> dict[str, Stand]:
    """By the key of the finding, who let it stand last and has not taken it up again."""
    entries = AuditEntry.objects.filter(
        object_type=plan._meta.model_name, object_id=str(plan.pk), action__in=(LET_STAND_ACTION, TAKEN_UP_ACTION)
    )
    stands: dict[str, Stand] = {}
    for entry in entries.select_related("actor").order_by("pk"):
        key = str(entry.details.get("finding", ""))
        stands.pop(key, None)
        if entry.action == LET_STAND_ACTION:
            stands[key] = Stand(str(entry.actor or ""), entry.at, str(entry.details.get("reason", "")))
    return stands


def check_up(plan: PlanVersion, tree: Tree, today: date, language: Language) -> Checkup:
    """A draft is held against the rules with the duties that have not been dropped, an issued plan with its own."""
    day = choose_day(plan.valid_from, plan.valid_to, today)
    text = read_text(plan)
    rows = [] if plan.state == PlanVersion.State.ISSUED else _list_kept(plan)
    duties = (
        _list_issued(plan)
        if plan.state == PlanVersion.State.ISSUED
        else _list_drafted(plan, [row for row in rows if not text or _is_counted(row)])
    )
    read = lint_plan(text, _restore_reading(plan), load_rules(), day) if text else ()
    issuer = f"{plan.issuer} {plan.title}"
    counted = lint_duties(duties, load_rules(), day, issuer=issuer, tree=tree, quotes=not text)
    anchors = [*_list_row_anchors(rows), *_list_duty_anchors(() if rows else duties)]
    refused = bool(find_forbidden_in(plan, _quote_rows(rows)))
    return Checkup(plan, day, language, (*read, *counted), text, anchors, list_stands(plan), refused)


def _quote_rows(rows: Iterable[DraftDuty]) -> list[Quoted]:
    return [Quoted(anchor.id, anchor.quote, anchor.span) for anchor in _list_row_anchors(rows)]


def _list_kept(plan: PlanVersion) -> list[DraftDuty]:
    return [row for row in list_rows(plan) if row.decision != DraftDuty.Decision.DROPPED]


def _is_counted(row: DraftDuty) -> bool:
    """Whether a rule that counts may concern the duty: to understand four hundred takes longer than all the rest."""
    quote = str(row.duty.get("quote", ""))
    covers = "cover" in row.duty or (row.duty.get("do") == "visit" and ("户" in quote or "家庭" in quote))
    return covers or "file" in row.duty or "报" in quote or "填" in quote


def _list_drafted(plan: PlanVersion, rows: Sequence[DraftDuty]) -> list[Duty]:
    looks = look_at_duties(plan, [row.duty for row in rows])
    return [look.duty for look in looks if look.duty is not None]


def _list_issued(plan: PlanVersion) -> list[Duty]:
    read, _ = read_plan_yaml(plan.text)
    return list(read.duties) if read else []


def _list_duty_anchors(duties: Iterable[Duty]) -> Iterator[Anchor]:
    for duty in duties:
        yield Anchor(duty.span, duty.id, duty.quote, f"#{duty.id}")


def _list_row_anchors(rows: Iterable[DraftDuty]) -> Iterator[Anchor]:
    for row in rows:
        span = row.duty.get("span")
        place = (span[0], span[1]) if isinstance(span, list) and len(span) == 2 else None
        id_, quote = (str(row.duty.get(key, "")) for key in ("id", "quote"))
        yield Anchor(place, id_, quote, f"?duty={row.pk}#duty-{row.pk}")


def _restore_reading(plan: PlanVersion) -> Reading:
    """The sentences as they were read at the upload. What is counted is taken from the duties, which may be mended."""
    return Reading(plan.title, plan.issuer, (plan.valid_from, plan.valid_to), (), (), list_sentences(plan))
