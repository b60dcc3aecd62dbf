"""Title programmes, their criteria, and the steps of units. Each is a named person's act with its audit entry.

One step of a unit is taken at a time: whoever comes second sees what the first one did. Whoever presses twice has done
it once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from wuzha.core.base.problem import Problem, has_errors
from wuzha.core.paper.certificate import CertificateFacts, write_certificate
from wuzha.core.paper.check import check_paper
from wuzha.core.title.criteria import LOOK_BACK_MONTHS
from wuzha.core.title.life import GRANTS, ROAD, Title, TitleEventKind, check_title_event, collect_titles, find_term
from wuzha.web.accounts.actions import write_audit
from wuzha.web.accounts.models import Post, Unit, User
from wuzha.web.campaign.actions.papers import ChangedError as PaperChangedError
from wuzha.web.campaign.actions.papers import Drawn, Issue, Render, Rules, issue_drawn, render_files
from wuzha.web.campaign.models import IssuedPaper, TitleCertificate, TitleCriteria, TitleProgram, TitleStep
from wuzha.web.campaign.queries.calendar import find_calendar
from wuzha.web.campaign.title_said import CriteriaSaid, StepSaid


class NotAwardedError(Exception):
    """The award is not in order; ``problems`` say why."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(problems)
        self.problems = problems


class ChangedError(Exception):
    """Somebody else has taken a step since the person saw the page."""


@transaction.atomic
def set_up_program(
    *, actor: User, unit: Unit, name: str, kinds: Sequence[str], criteria: CriteriaSaid, now: datetime
) -> TitleProgram:
    """A programme that the units of these kinds below ``unit`` may apply to. Raises ``IntegrityError`` for a name that
    the unit has already."""
    program = TitleProgram(unit=unit, name=name, kinds=list(kinds), created_by=actor, created_at=now)
    program.save(force_insert=True)
    write_audit(action="title.set-up", actor=actor, target=program, at=now, name=name, kinds=list(kinds))
    _keep_criteria(actor, program, criteria, now)
    return program


@transaction.atomic
def change_criteria(*, actor: User, program: TitleProgram, criteria: CriteriaSaid, now: datetime) -> TitleCriteria:
    """Other criteria from a day on. What was decided by the earlier ones stays.

    What was said last is not kept again.
    """
    TitleProgram.objects.select_for_update(no_key=True).get(pk=program.pk)
    last = TitleCriteria.objects.filter(program=program).order_by("id").last()
    if last is not None and _tell_criteria(last) == _tell_criteria(criteria):
        return last
    return _keep_criteria(actor, program, criteria, now)


def _tell_criteria(one: TitleCriteria | CriteriaSaid) -> object:
    return one.version, one.text, one.title, one.months, one.since


def _keep_criteria(actor: User, program: TitleProgram, said: CriteriaSaid, now: datetime) -> TitleCriteria:
    row = TitleCriteria(program=program, version=said.version, text=said.text, title=said.title, months=said.months)
    row.since, row.made_by, row.made_at = said.since, actor, now
    row.save(force_insert=True)
    told = {"plan": said.version.pk if said.version else None, "months": said.months, "since": str(said.since)}
    write_audit(action="title.criteria", actor=actor, target=program, at=now, title=said.title, **told)
    return row


def take_steps(
    *, actor: User, post: Post, program: TitleProgram, unit: Unit, steps: Sequence[StepSaid], now: datetime
) -> tuple[list[TitleStep], tuple[Problem, ...]]:
    """The steps taken one after the other, all or none; none with problems where one is out of order.

    An award and a renewal come with their certificate. Raises ``ChangedError`` when another step has been taken since.
    Pressed twice, the steps taken are given again.
    """
    step = steps[0]
    if step.kind in GRANTS:
        return award_title(award=Award(actor, post, program, unit, step, now))
    return _take_steps(actor, post, program, unit, steps, now)


@dataclass(frozen=True, slots=True)
class Award:
    """An award or a renewal that a person is about to make."""

    actor: User
    post: Post
    program: TitleProgram
    unit: Unit
    step: StepSaid
    now: datetime

    @property
    def key(self) -> UUID:
        """One person's step at one place is one paper, however often it is pressed."""
        place = f"{self.program.pk}/{self.unit.pk}/{self.step.seen}/{self.step.kind}/{self.actor.pk}"
        return uuid5(NAMESPACE_URL, f"wuzha:title-certificate:{place}")

    def follow(self, issued: IssuedPaper, actor: User, now: datetime) -> None:
        """The step itself, in the transaction in which its certificate is kept."""
        made, problems = _take_steps(actor, self.post, self.program, self.unit, (self.step,), now)
        if has_errors(problems):
            raise NotAwardedError(problems)
        TitleCertificate(step=made[0], paper=issued).save(force_insert=True)


def award_title(*, award: Award, render: Render = render_files) -> tuple[list[TitleStep], tuple[Problem, ...]]:
    """The title awarded or renewed and its certificate issued: both in one transaction, or neither.

    The files are made before it. Raises ``ChangedError`` as :func:`take_steps` does.
    """
    taken = _list_taken(award.program, award.unit)
    if award.step.seen != len(taken):
        return _find_taken(award.actor, taken, (award.step,)), ()
    row = _make_step(award.actor, award.post, award.program, award.unit, award.step, award.now)
    problems = _check(row, taken, award.program)
    if has_errors(problems):
        return [], problems
    paper = write_certificate(_gather(award, row, taken))
    if has_errors(unfit := check_paper(paper)):
        return [], unfit
    day = timezone.localdate(award.now)
    drawn = Drawn(paper, {"program": award.program.pk, "unit": award.unit.code}, {}, day, day)
    rules = Rules(follow=award.follow)
    issue = Issue(drawn, award.key, render, _guard_nothing, rules, award.unit)
    try:
        issued = issue_drawn(actor=award.actor, unit=award.program.unit, issue=issue, now=award.now)
    except NotAwardedError as refused:
        return [], refused.problems
    except PaperChangedError as changed:
        raise ChangedError from changed
    return [TitleStep.objects.get(certificate__paper=issued)], ()


def _guard_nothing() -> None:
    """What the certificate rests on is looked at again when the step is taken."""


def _gather(award: Award, row: TitleStep, taken: Sequence[TitleStep]) -> CertificateFacts:
    code, step = award.unit.code, award.step
    event, title = row.to_core(code), _make_title(code, taken)
    criteria = step.criteria
    days = {kind: found.first_day for kind in ROAD if (found := title.find(kind))}
    return CertificateFacts(
        unit=award.unit.name,
        program=award.program.name,
        office=award.program.unit.name,
        criteria=criteria.title if criteria else award.program.name,
        months=criteria.months if criteria else LOOK_BACK_MONTHS,
        term=find_term(event, title),
        is_renewal=event.kind is TitleEventKind.RENEWED,
        granted_on=event.on,
        post=_name_post(award.post),
        by=str(award.actor),
        applied_on=days[TitleEventKind.APPLIED],
        visited_on=days[TitleEventKind.VISITED],
        noticed_on=days[TitleEventKind.NOTICED],
    )


def _name_post(post: Post) -> str:
    """In Chinese, whatever the language of the page: a paper has one."""
    with override("zh-hans"):
        return f"{post.unit.name} {post.get_role_display()}"


def _list_taken(program: TitleProgram, unit: Unit) -> list[TitleStep]:
    return list(TitleStep.objects.filter(program=program, unit=unit).select_related("by").order_by("place"))


@transaction.atomic
def _take_steps(
    actor: User, post: Post, program: TitleProgram, unit: Unit, steps: Sequence[StepSaid], now: datetime
) -> tuple[list[TitleStep], tuple[Problem, ...]]:
    TitleProgram.objects.select_for_update(no_key=True).get(pk=program.pk)  # one step in a programme at a time
    taken = _list_taken(program, unit)
    if steps[0].seen != len(taken):
        return _find_taken(actor, taken, steps), ()
    made: list[TitleStep] = []
    for step in steps:
        row = _make_step(actor, post, program, unit, step, now)
        row.place = len(taken) + len(made)
        problems = _check(row, [*taken, *made], program)
        if has_errors(problems):
            transaction.set_rollback(True)
            return [], problems
        row.save(force_insert=True)
        _note(row, now)
        made.append(row)
    return made, ()


def _find_taken(actor: User, taken: Sequence[TitleStep], steps: Sequence[StepSaid]) -> list[TitleStep]:
    """The person's own steps that stand where these would."""
    there = list(taken[steps[0].seen :])
    asked = [(actor.pk, step.kind) for step in steps]
    if [(row.by_id, row.kind) for row in there] != asked:
        raise ChangedError
    return there


def _make_step(actor: User, post: Post, program: TitleProgram, unit: Unit, said: StepSaid, now: datetime) -> TitleStep:
    row = TitleStep(program=program, unit=unit, kind=said.kind.value, on=said.on, starts_on=said.starts_on)
    row.note, row.reason, row.inspection_visit = said.note, said.reason, said.inspection_visit
    row.findings, row.criteria = dict(said.findings), said.criteria
    row.by, row.post_unit, row.role, row.made_at = actor, post.unit, post.role, now
    return row


def _check(row: TitleStep, before: Sequence[TitleStep], program: TitleProgram) -> tuple[Problem, ...]:
    """What is out of order. A visit of an earlier day is entered later; nothing else is of another day than today."""
    code = row.unit.code
    title = _make_title(code, before)
    workdays = find_calendar(program.unit.path).workdays
    return check_title_event(row.to_core(code), {code: title}, (code,), workdays)


def _make_title(code: str, taken: Sequence[TitleStep]) -> Title:
    return collect_titles(one.to_core(code) for one in taken).get(code, Title(code))


def _note(row: TitleStep, now: datetime) -> None:
    told = {"unit": row.unit.code, "program": row.program_id, "on": str(row.on), "note": row.note}
    told |= {"reason": row.reason, "unmet": list(row.unmet), "as": f"{row.role} {row.post_unit.code}"}
    write_audit(action=f"title.{row.kind}", actor=row.by, target=row, at=now, **told)
