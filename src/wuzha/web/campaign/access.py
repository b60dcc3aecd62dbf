"""Who may see and change which plans and records. The one door to somebody's plan.

A plan binds the subtree of its unit: whoever holds a post anywhere in that subtree may read it once it is issued. A
draft is seen only by those who may change it: officers at its unit or above. Out of sight is 404, in sight but not
theirs to change is 403.
"""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from wuzha.core.base.unit import Tree
from wuzha.web.accounts.access import (
    NOTHING,
    RECORDERS,
    STANDS_FOR_UNIT,
    get_area,
    has_power,
    has_role,
    hold_posts,
    is_in_force,
    is_whole,
    list_areas,
    list_managed_units,
    list_posts,
    list_posts_over,
    opens_any,
    opens_unit,
    sees_unit,
)
from wuzha.web.accounts.models import Post, Unit, User
from wuzha.web.accounts.roles import Power, Role, list_roles
from wuzha.web.campaign.bound import binds_any
from wuzha.web.campaign.models import (
    CalendarDay,
    DraftDuty,
    DraftPaper,
    DraftScorecard,
    DutyWaiver,
    Evidence,
    HeldRecord,
    InspectionFinding,
    InspectionReport,
    InspectionRound,
    InspectionVisit,
    IssuedPaper,
    Measure,
    PlanVersion,
    Record,
    Scorecard,
    TableCall,
    TitleProgram,
)

State = PlanVersion.State
ISSUERS = ("county", "town", "department", "station")


def list_visible_plans(user: User, on: date) -> QuerySet[PlanVersion]:
    """Issued plans of the units in sight and of the units above them; drafts of the units the person manages."""
    condition = NOTHING
    for post in hold_posts(user, on, Power.PLANS):
        condition |= _open_plans(post)
    return PlanVersion.objects.filter(condition).select_related("unit")


def _open_plans(post: Post) -> Q:
    """A post reads the drafts of plans below it where its role does; one of a line of those above only what binds a
    unit of its line."""
    below = opens_unit(post, "unit")
    above = Q(pk__in=_list_binding(post)) if post.line else Q(unit__code__in=post.unit.path.split("/")[:-2])
    issued = (below | above) & Q(state=State.ISSUED)
    return issued | below if post.role in list_roles(Power.DRAFTS) else issued


def _list_binding(post: Post) -> list[int]:
    """The issued plans of units that stand above a unit of the post's line and that bind such a unit: one below the
    issuer, not any that happens to be of the kind that the plan names."""
    below = Unit.objects.filter(opens_unit(post))
    above = {code for path in below.values_list("path", flat=True) for code in path.strip("/").split("/")}
    rows = Unit.objects.filter(code__in=above).order_by("path")
    issued = PlanVersion.objects.filter(unit__code__in=above, state=State.ISSUED)
    texts = issued.order_by().values_list("pk", "text", "unit__path")
    tree, path = Tree(tuple(row.to_core() for row in rows)), post.unit.path
    units = [(row.path, tree.by_code[row.code]) for row in rows if row.line == post.line and row.path.startswith(path)]
    return [
        pk for pk, text, issuer in texts if binds_any(text, (one for at, one in units if at.startswith(issuer)), tree)
    ]


def get_plan(user: User, pk: int, on: date) -> PlanVersion:
    """The plan, if it is in sight. Raises ``Http404`` otherwise, whether it exists or not."""
    plan = list_visible_plans(user, on).filter(pk=pk).first()
    if plan is None:
        raise Http404
    return plan


def get_weighed_plan(user: User, pk: int, on: date) -> PlanVersion:
    """The plan, for who may see what it costs all its units together: not for one line of them. Raises ``Http404``."""
    plan = get_plan(user, pk, on)
    codes = plan.unit.path.strip("/").split("/")
    posts = list_posts(user, on, Power.PLANS).filter(line="")
    if (
        not posts.filter(unit__path__startswith=plan.unit.path).exists()
        and not posts.filter(unit__code__in=codes).exists()
    ):
        raise Http404
    return plan


def list_issuing_units(user: User, on: date) -> QuerySet[Unit]:
    """Of the managed units those that issue plans: where the person's own posts are, and the administrations below."""
    own = list_posts(user, on, Power.MANAGE).order_by().values("unit")
    return list_managed_units(user, on).filter(Q(pk__in=own) | Q(kind__in=ISSUERS))


def may_manage_plan(user: User, plan: PlanVersion, on: date) -> bool:
    return list_managed_units(user, on).filter(pk=plan.unit_id).exists()


def get_managed_plan(user: User, pk: int, on: date) -> PlanVersion:
    """The plan, for an officer. Raises ``Http404`` out of sight and ``PermissionDenied`` in any other role."""
    plan = get_plan(user, pk, on)
    if not may_manage_plan(user, plan, on):
        raise PermissionDenied
    return plan


def find_issuing_body(user: User, plan: PlanVersion, on: date) -> Unit | None:
    """The body as whose officer the person may set the plan's duties aside: its issuer, or one above it."""
    post = list_posts_over(user, plan.unit, on, Power.MANAGE).filter(STANDS_FOR_UNIT).first()
    return post.unit if post else None


def get_waiver(user: User, pk: int, on: date) -> DutyWaiver:
    """The waiver, for an officer of the plan's issuer. Raises as :func:`get_managed_plan` does."""
    row = DutyWaiver.objects.filter(pk=pk).select_related("unit", "version__unit").first()
    if row is None:
        raise Http404
    get_managed_plan(user, row.version_id, on)
    return row


def get_draft_duty(user: User, plan_pk: int, pk: int, on: date) -> DraftDuty:
    """A duty of a plan the person manages. Raises as :func:`get_managed_plan` does."""
    plan = get_managed_plan(user, plan_pk, on)
    duty = DraftDuty.objects.filter(version=plan, pk=pk).first()
    if duty is None:
        raise Http404
    duty.version = plan
    return duty


def find_minutes_unit(user: User, on: date) -> Unit | None:
    """The unit for which the person may set what a record costs: the highest county or root they are an officer of."""
    post = _list_county_posts(user, on).first()
    return post.unit if post else None


def _list_county_posts(user: User, on: date) -> QuerySet[Post]:
    """The posts as an officer of a county or of the root, in every line."""
    posts = list_posts(user, on, Power.MANAGE).filter(line="")
    return posts.filter(Q(unit__parent=None) | Q(unit__kind="county"))


def get_calendar_day(user: User, pk: int, on: date) -> CalendarDay:
    """What was said of a day, for an officer of the unit that said it. Raises ``Http404`` otherwise."""
    unit = find_minutes_unit(user, on)
    row = CalendarDay.objects.filter(pk=pk, unit=unit).select_related("unit").first() if unit else None
    if row is None:
        raise Http404
    return row


def list_kind_holders(user: User, on: date) -> tuple[str, ...]:
    """The paths at and below which the person may change own kinds of record: those of the units as above."""
    return tuple(post.unit.path for post in _list_county_posts(user, on))


def list_visible_records(user: User, on: date) -> QuerySet[Record]:
    """The records of every unit that a post in force opens, where its role lets it read them."""
    condition = opens_any(hold_posts(user, on, Power.LOOK), "unit")
    return Record.objects.filter(condition).select_related("unit", "author")


def get_record(user: User, pk: UUID, on: date) -> Record:
    """The record, if its unit is in sight. Raises ``Http404`` otherwise, whether it exists or not."""
    record = list_visible_records(user, on).filter(pk=pk).first()
    if record is None:
        raise Http404
    return record


def may_see_record(user: User, record: Record, on: date) -> bool:
    return list_visible_records(user, on).filter(pk=record.pk).exists()


def list_recording_units(user: User, on: date) -> QuerySet[Unit]:
    """The units the person may record for, those that exist on the day: at and below their recording posts."""
    condition = opens_any(hold_posts(user, on, Power.RECORD))
    return Unit.objects.filter(condition, opens_on__lte=on, closes_on__gt=on)


def find_recording_home(user: User, on: date) -> Unit | None:
    """The unit recorded for where none is named: that of the highest recording post. None where that is still to be
    chosen: no unit of a line is more the person's own than the others, unless there is only one."""
    units, areas = list_recording_units(user, on), list_areas(user, on, Power.RECORD)
    if areas:
        return units.filter(pk__in=[unit.pk for unit in areas]).first() or units.first()
    found = list(units[:2])
    return found[0] if len(found) == 1 else None


def may_mend_record(user: User, record: Record, on: date) -> bool:
    """Whoever may record at the unit may correct or take back what stands there; a supervisor may not."""
    return has_role(user, record.unit, on, *RECORDERS)


def get_mendable_record(user: User, pk: UUID, on: date) -> Record:
    """The record, for somebody who may mend it. Raises ``Http404`` out of sight, ``PermissionDenied`` otherwise."""
    record = get_record(user, pk, on)
    if not may_mend_record(user, record, on):
        raise PermissionDenied
    return record


def list_visible_held(user: User, on: date) -> QuerySet[HeldRecord]:
    """Held corrections that are not applied yet: the person's own, and those of the units they are an officer of."""
    condition = Q(author=user) | opens_any(hold_posts(user, on, Power.MANAGE), "unit")
    return HeldRecord.objects.filter(condition, applied_at=None).select_related("unit", "author")


def may_attach(user: User, record_id: UUID, on: date) -> bool:
    """Whether the person may send a file for the record: one they may mend, one of an inspection that they made, or one
    that has not arrived yet.

    Raises ``Http404`` for a record that is there and out of sight.
    """
    record = Record.objects.select_related("unit").filter(pk=record_id).first()
    if record is None:
        return bool(hold_posts(user, on, Power.RECORD))
    # A phone asks this for every piece of a photo, so that as little as may be is asked of the database.
    if not sees_unit(user, record.unit, on, Power.LOOK):
        raise Http404
    is_mender = sees_unit(user, record.unit, on, Power.RECORD)
    return is_mender or InspectionReport.objects.filter(record=record, inspector=user).exists()


def belongs_to_record(evidence: Evidence, record: Record) -> bool:
    """Whether the sender could record at the record's unit on the day the file arrived.

    A file that came before its record could not be checked then; until it belongs it is its sender's alone.
    """
    return has_role(evidence.uploaded_by, record.unit, timezone.localdate(evidence.received_at), *RECORDERS)


def get_evidence(user: User, pk: UUID, on: date) -> Evidence:
    """The file, for who may see its record; one that waits for its record, for its sender. Else ``Http404``."""
    evidence = Evidence.objects.select_related("uploaded_by").filter(pk=pk).first()
    if evidence is None:
        raise Http404
    record = Record.objects.select_related("unit").filter(pk=evidence.record_id).first()
    is_held = record is None or not belongs_to_record(evidence, record)
    is_own = evidence.uploaded_by_id == user.pk
    if is_own if record is None or is_held else may_see_record(user, record, on):
        return evidence
    raise Http404


def list_sight(user: User, on: date) -> Iterator[str]:
    """The paths of the posts in force: which own kinds of record are used around them. Opens no unit by itself."""
    for post in hold_posts(user, on):
        yield post.unit.path


SUPERVISORS = list_roles(Power.SUPERVISE)


def list_reviewed_units(user: User, on: date) -> QuerySet[Unit]:
    """The units whose records the person looks at again: those below a post that reviews, not its own."""
    condition = NOTHING
    for post in hold_posts(user, on, Power.REVIEW):
        condition |= opens_unit(post) & ~Q(pk=post.unit_id)
    return Unit.objects.filter(condition)


def is_reviewer(user: User, on: date) -> bool:
    return bool(hold_posts(user, on, Power.REVIEW))


def is_supervisor(user: User, on: date) -> bool:
    """Whether the person supervises anybody: an officer does, too."""
    return bool(hold_posts(user, on, Power.SUPERVISE))


def list_own_records(post: Post) -> QuerySet[Record]:
    """The records that the post's holder made at its unit and below, in the order in which they came."""
    condition = opens_unit(post, "unit") if post.role in list_roles(Power.LOOK) else NOTHING
    made = Record.objects.filter(condition, author=post.user)
    return made.select_related("unit", "author").order_by("received_at", "id")


# What is written to a unit, or of it: the unit itself may read it, and whoever stands above.
ADDRESSED_FORMS = ("letter", "supervise", "circular", "commend", "talk", "notice", "certificate")
# What is written to all in an area. A briefing is not among them: its photos show people; what is for everybody is its
# public copy.
WIDE_FORMS = ("circular", "commend", "notice", "plan", "policy-note", "score-table")
# Of these what tells nothing of how single units stand.
NAMELESS_FORMS = ("notice",)


def list_visible_papers(user: User, on: date) -> QuerySet[IssuedPaper]:
    """What the offices at and below a post that supervises or publishes have issued, what units that a post opens were
    sent, and what was written to all in an area that a post lies in: to a post of one line only what names no figures
    of others."""
    received = wide = NOTHING
    for post in hold_posts(user, on, Power.PAPERS):
        received |= opens_unit(post, "addressee")
        above = post.unit.path.strip("/").split("/")
        forms = NAMELESS_FORMS if post.line else WIDE_FORMS
        wide |= (Q(addressee__code__in=above) | Q(addressee=None, unit__code__in=above)) & Q(form__in=forms)
    sent = (received & Q(form__in=ADDRESSED_FORMS)) | wide
    condition = _of_offices(user, on, Power.SUPERVISE, Power.PUBLISH) | sent
    return IssuedPaper.objects.filter(condition).select_related("unit", "addressee", "issued_by")


def list_draft_papers(user: User, on: date) -> QuerySet[DraftPaper]:
    """The drafts of the offices whose officer the person is, and those of measures where they are a supervisor."""
    measures = _of_offices(user, on, Power.SUPERVISE) & Q(asked__has_key="measure")
    condition = _of_offices(user, on, Power.MANAGE) | measures
    return DraftPaper.objects.filter(condition).select_related("unit", "addressee")


def _of_offices(user: User, on: date, *powers: Power) -> Q:
    return opens_any(hold_posts(user, on, *powers), "unit")


def get_issued_paper(user: User, pk: int, on: date) -> IssuedPaper:
    """The issued paper, for officers and supervisors of its office, and for whom it was sent to and those above.

    Raises ``Http404`` otherwise.
    """
    paper = list_visible_papers(user, on).filter(pk=pk).first()
    if paper is None:
        raise Http404
    return paper


def opens_figures(user: User, paper: IssuedPaper, on: date) -> bool:
    """Whether what the paper counts lies in the person's sight, so that its figures can lead there."""
    return is_whole(user, paper.addressee or paper.unit, on)


def may_restate(user: User, paper: IssuedPaper, on: date) -> bool:
    return has_power(user, paper.unit, on, Power.MANAGE)


def get_restatable_paper(user: User, pk: int, on: date) -> IssuedPaper:
    """The issued paper, for an officer. Raises ``Http404`` out of sight and ``PermissionDenied`` in any other role."""
    paper = get_issued_paper(user, pk, on)
    if not may_restate(user, paper, on):
        raise PermissionDenied
    return paper


def may_publish(user: User, paper: IssuedPaper, on: date) -> bool:
    """Whether the person makes the public copy of a briefing."""
    return has_power(user, paper.unit, on, Power.PUBLISH)


def get_publishable_paper(user: User, pk: int, on: date) -> IssuedPaper:
    """The issued paper, for who makes its public copy. Raises as :func:`get_restatable_paper` does."""
    paper = get_issued_paper(user, pk, on)
    if not may_publish(user, paper, on):
        raise PermissionDenied
    return paper


def get_publishing_post(user: User, paper: IssuedPaper, on: date) -> Post:
    """The post by which the person makes the public copy. Raises ``PermissionDenied`` without one."""
    post = list_posts_over(user, paper.unit, on, Power.PUBLISH).first()
    if post is None:
        raise PermissionDenied
    return post


def get_draft_paper(user: User, pk: UUID, on: date) -> DraftPaper:
    """The draft, for an officer of its office. Raises ``Http404`` otherwise, whether it exists or not."""
    draft = list_draft_papers(user, on).filter(pk=pk).first()
    if draft is None:
        raise Http404
    return draft


def find_paper_office(user: User, unit: Unit, on: date, *, is_above: bool, power: Power = Power.MANAGE) -> Unit | None:
    """The office in whose name the person may write about the unit: where their nearest post as an officer is.

    What is written to the unit itself comes from above it; what is written about an area may come from the area.
    """
    post = list_posts_over(user, unit, on, power, is_above=is_above).filter(STANDS_FOR_UNIT).first()
    return post.unit if post else None


def find_reviewed_area(user: User, on: date) -> Unit | None:
    """The unit below which the person looks after others: that of their highest post as officer or supervisor."""
    return next(iter(list_areas(user, on, Power.SUPERVISE)), None)


def may_review_below(user: User, unit: Unit, on: date) -> bool:
    """Whether an officer's or supervisor's post stands at the unit or above it."""
    return has_power(user, unit, on, Power.SUPERVISE)


def list_visible_scorecards(user: User, on: date) -> QuerySet[Scorecard]:
    """The cards of the bodies at, below and above the person's posts: whoever is scored may read the rules."""
    return Scorecard.objects.filter(_at_and_around(user, on)).select_related(
        "unit", "plan__unit", "adopted_by", "replaced_by"
    )


def _at_and_around(user: User, on: date) -> Q:
    """What belongs to the units that a post opens and, since it sums up a whole area, above it to posts in every line
    alone."""
    condition = NOTHING
    for post in hold_posts(user, on):
        above = NOTHING if post.line else Q(unit__code__in=post.unit.path.split("/")[:-2])
        condition |= opens_unit(post, "unit") | above
    return condition


def get_scorecard(user: User, pk: int, on: date) -> Scorecard:
    """The card, if it is in sight. Raises ``Http404`` otherwise, whether it exists or not."""
    row = list_visible_scorecards(user, on).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def may_manage_scores(user: User, row: Scorecard, on: date) -> bool:
    """Officers of the card's body, or of one above it, bring figures in, grant and announce deductions."""
    return has_power(user, row.unit, on, Power.MANAGE)


def get_managed_scorecard(user: User, pk: int, on: date) -> Scorecard:
    """The card, for such an officer. Raises ``Http404`` out of sight and ``PermissionDenied`` in any other role."""
    row = get_scorecard(user, pk, on)
    if not may_manage_scores(user, row, on):
        raise PermissionDenied
    return row


def list_card_bodies(user: User, on: date) -> QuerySet[Unit]:
    """The units that may have a card of their own and whose officer the person is: counties, and towns for theirs."""
    return list_issuing_units(user, on).filter(Q(parent=None) | Q(kind__in=("county", "town")))


def list_draft_scorecards(user: User, on: date) -> QuerySet[DraftScorecard]:
    """The drafts of the units whose officer the person is; nobody else sees a draft."""
    condition = _of_offices(user, on, Power.MANAGE)
    return DraftScorecard.objects.filter(condition).select_related("unit", "plan__unit", "changed_by")


def get_draft_scorecard(user: User, pk: UUID, on: date) -> DraftScorecard:
    """The draft, for an officer of its unit. Raises ``Http404`` otherwise, whether it exists or not."""
    draft = list_draft_scorecards(user, on).filter(pk=pk).first()
    if draft is None:
        raise Http404
    return draft


def find_office_post(user: User, unit: Unit, on: date) -> Post | None:
    """The post as whose holder an officer acts for the unit: the nearest at it or above it."""
    return list_posts_over(user, unit, on, Power.MANAGE).first()


def find_scored_post(user: User, row: Scorecard, unit: Unit, on: date) -> Post | None:
    """The post as whose holder the person speaks for a scored unit: at it or above it, and below the card's body."""
    posts = list_posts_over(user, unit, on, Power.RECORD)
    return posts.filter(unit__path__startswith=row.unit.path).exclude(unit=row.unit_id).first()


def find_hearing_post(user: User, row: Scorecard, on: date) -> Post | None:
    """The post as whose holder the person decides what a unit has said: officer or supervisor of the card's body."""
    return list_posts_over(user, row.unit, on, Power.SUPERVISE).first()


def name_post(post: Post) -> str:
    """The post as it stands beside a name: 石桥县 · 专干; of a deputy also for whom they act."""
    named = f"{post.area} · {post.get_role_display()}"
    if post.deputy_of is None:
        return named
    return _("%(post)s (for %(name)s)") % {"post": named, "name": post.deputy_of.user}


def find_answering_post(user: User, paper: IssuedPaper, on: date) -> Post | None:
    """The post as which the person may answer for the unit that the paper was sent to: the nearest one that records,
    at the unit or above it, and below the office that wrote."""
    if paper.addressee is None or paper.addressee_id == paper.unit_id:
        return None
    codes, office = paper.addressee.path.strip("/").split("/"), paper.unit.path.strip("/").split("/")
    below = [code for code in codes if code not in office]
    return list_posts_over(user, paper.addressee, on, Power.RECORD).filter(unit__code__in=below).first()


def find_deciding_post(user: User, paper: IssuedPaper, on: date) -> Post | None:
    """The post as which the person may decide about the measure: as officer or supervisor at its office or above."""
    return list_posts_over(user, paper.unit, on, Power.SUPERVISE).first()


def is_only_judge(user: User, paper: IssuedPaper, on: date) -> bool:
    """Whether nobody else could decide: no other person has such a post at the office or above it."""
    codes = paper.unit.path.strip("/").split("/")
    line = Q(line="") | Q(line=paper.unit.line)
    in_force = Post.objects.filter(is_in_force(on), line, role__in=SUPERVISORS, unit__code__in=codes)
    return not in_force.filter(user__is_active=True).exclude(user=user).exists()


def get_measure(user: User, pk: int, on: date) -> Measure:
    """The measure, for whoever may read the paper that gave it. Raises ``Http404`` otherwise."""
    found = Measure.objects.filter(pk=pk, paper__in=list_visible_papers(user, on))
    measure = found.select_related("unit", "office", "version", "given_by", "ladder").first()
    if measure is None:
        raise Http404
    return measure


def list_own_units(user: User, on: date) -> list[Unit]:
    """The units at which the person holds a post that records: those whose letters are theirs to answer."""
    return [post.unit for post in list_posts(user, on, Power.RECORD).filter(STANDS_FOR_UNIT)]


def list_visible_programs(user: User, on: date) -> QuerySet[TitleProgram]:
    """The title programmes of the units in sight and of the units above them, which are open to all below."""
    return TitleProgram.objects.filter(_at_and_around(user, on)).select_related("unit")


def get_title_program(user: User, pk: int, on: date) -> TitleProgram:
    """The programme, if it is in sight. Raises ``Http404`` otherwise, whether it exists or not."""
    program = list_visible_programs(user, on).filter(pk=pk).first()
    if program is None:
        raise Http404
    return program


def get_title_unit(user: User, program: TitleProgram, code: str, on: date) -> Unit:
    """A unit in sight that stands at or below the programme's, or has taken steps in it. Raises ``Http404``."""
    unit = get_area(user, code, on)
    if unit.path.startswith(program.unit.path) or program.steps.filter(unit=unit).exists():
        return unit
    raise Http404


def find_awarding_post(user: User, program: TitleProgram, on: date) -> Post | None:
    """The post as an officer of the programme's unit, or above it, in which the person decides on titles."""
    return list_posts_over(user, program.unit, on, Power.MANAGE).first()


def find_applying_post(user: User, unit: Unit, on: date) -> Post | None:
    """The post in which the person speaks for the unit: a recorder's at it or above it, or an officer's at it."""
    own = Q(role=Role.SECRETARY) | Q(role=Role.OFFICER, unit=unit)
    return list_posts_over(user, unit, on).filter(own).first()


def find_visiting_post(user: User, unit: Unit, on: date) -> Post | None:
    """The post as an officer above the unit, in which the person looks at it on the spot. Nobody visits themselves."""
    return list_posts_over(user, unit, on, Power.MANAGE, is_above=True).first()


def find_objecting_post(user: User, unit: Unit, on: date) -> Post | None:
    """The post above the unit in which the person enters what was said against its title."""
    return list_posts_over(user, unit, on, Power.SUPERVISE, is_above=True).first()


DEPARTMENT = "department"
INSPECTING = ("county", "town", DEPARTMENT, "station")


def list_inspecting_offices(user: User, on: date) -> list[Unit]:
    """The offices as whose officer the person may plan and draw inspections: the units of their own posts, and the
    departments right below those, which have no posts of their own as a rule."""
    posts = list_posts(user, on, Power.MANAGE).filter(STANDS_FOR_UNIT).order_by()
    own = posts.filter(Q(unit__kind__in=INSPECTING) | Q(unit__parent=None)).values("unit")
    below = Q(kind=DEPARTMENT, parent__in=own, opens_on__lte=on, closes_on__gt=on)
    return list(Unit.objects.filter(Q(pk__in=own) | below).order_by("path"))


def find_inspecting_post(user: User, office: Unit, on: date, *roles: str) -> str:
    """The role of the person's post at the office, or of a department at the unit right above it; empty where none is
    there. A post further above is not enough: who inspects in the name of an office belongs to it."""
    units = [office.pk, office.parent_id] if office.kind == DEPARTMENT else [office.pk]
    posts = list_posts(user, on).filter(STANDS_FOR_UNIT, unit__in=units, role__in=roles or SUPERVISORS)
    post = posts.order_by("role").first()
    return post.role if post else ""


def list_walked_rounds(user: User, on: date) -> QuerySet[InspectionRound]:
    """The rounds that the person may walk: those of the offices for which :func:`find_inspecting_post` finds a post."""
    own = list_posts(user, on, Power.SUPERVISE).filter(STANDS_FOR_UNIT).order_by().values("unit")
    of_office = Q(unit__in=own) | Q(unit__kind=DEPARTMENT, unit__parent__in=own)
    return InspectionRound.objects.filter(of_office).select_related("unit")


def list_inspected_rounds(user: User, on: date) -> QuerySet[InspectionRound]:
    """The rounds of the offices at and below a post as officer or supervisor."""
    return InspectionRound.objects.filter(_of_offices(user, on, Power.SUPERVISE)).select_related("unit", "area", "draw")


def list_visible_rounds(user: User, on: date) -> QuerySet[InspectionRound]:
    """Those, and of the offices above a post the rounds that went where the post is, once they are over: an inspection
    comes unannounced, and afterwards everybody whom it could have met may draw again."""
    condition = _of_offices(user, on, Power.SUPERVISE)
    for post in hold_posts(user, on, Power.LOOK):
        codes = () if post.line else post.unit.path.strip("/").split("/")
        condition |= (Q(area__code__in=codes) | opens_unit(post, "area")) & Q(last_on__lt=on)
    return InspectionRound.objects.filter(condition).select_related("unit", "area", "draw")


def get_round(user: User, pk: int, on: date) -> InspectionRound:
    """The round, if it is in sight. Raises ``Http404`` otherwise, whether it exists or not."""
    row = list_visible_rounds(user, on).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def get_drawable_round(user: User, pk: int, on: date) -> InspectionRound:
    """The round, for an officer of its office. Raises ``Http404`` out of sight, ``PermissionDenied`` otherwise."""
    row = get_round(user, pk, on)
    if not find_inspecting_post(user, row.unit, on, Role.OFFICER):
        raise PermissionDenied
    return row


def list_visible_visits(user: User, on: date) -> QuerySet[InspectionVisit]:
    """The visits of the rounds of one's offices; and what was seen at the units at and below a post of any role."""
    condition = Q(round__in=list_inspected_rounds(user, on).order_by().values("pk"))
    condition |= opens_any(hold_posts(user, on, Power.LOOK), "unit") & Q(report__isnull=False)
    found = InspectionVisit.objects.filter(condition)
    return found.select_related("unit", "round__unit", "report__inspector", "called_off__by")


def get_visit(user: User, pk: int, on: date) -> InspectionVisit:
    """The visit, if it is in sight. Raises ``Http404`` otherwise, whether it exists or not."""
    visit = list_visible_visits(user, on).filter(pk=pk).first()
    if visit is None:
        raise Http404
    return visit


def list_visible_findings(user: User, on: date) -> QuerySet[InspectionFinding]:
    return InspectionFinding.objects.filter(visit__in=list_visible_visits(user, on).order_by().values("pk"))


def get_finding(user: User, pk: int, on: date) -> InspectionFinding:
    """The finding, if its visit is in sight. Raises ``Http404`` otherwise, whether it exists or not."""
    found = list_visible_findings(user, on).filter(pk=pk)
    row = found.select_related("unit", "visit__unit", "visit__round__unit", "visit__report__inspector").first()
    if row is None:
        raise Http404
    return row


# --- monthly tables ---------------------------------------------------------------------------------------------------


def list_table_calls(user: User, on: date) -> QuerySet[TableCall]:
    """The tables of the offices at and below the person's posts, and those in which their units have a line."""
    return TableCall.objects.filter(_at_and_around(user, on)).select_related("unit", "version__unit", "opened_by")


def get_table_call(user: User, pk: int, on: date) -> TableCall:
    """The table, if it is in sight. Raises ``Http404`` otherwise, whether it exists or not."""
    call = list_table_calls(user, on).filter(pk=pk).first()
    if call is None:
        raise Http404
    return call


def find_table_top(user: User, call: TableCall, on: date) -> Unit:
    """The part of the table that the person sees: all of it at or above its office, else what their post is over."""
    posts = list_areas(user, on)
    if any(call.unit.path.startswith(unit.path) for unit in posts):
        return call.unit
    found = next((unit for unit in posts if unit.path.startswith(call.unit.path)), None)
    if found is None:
        raise Http404
    return found


def get_table_line(user: User, pk: int, code: str, on: date) -> tuple[TableCall, Unit]:
    """The table and a unit in sight that has a line in it. Raises ``Http404`` otherwise."""
    call = get_table_call(user, pk, on)
    unit = get_area(user, code, on)
    if not unit.path.startswith(call.unit.path):
        raise Http404
    return call, unit


def find_line_post(user: User, unit: Unit, on: date) -> Post | None:
    """The post by which the person fills in the unit's line and hands it in: the nearest one that records for it."""
    return list_posts_over(user, unit, on, Power.RECORD).first()


def find_returning_post(user: User, call: TableCall, unit: Unit, on: date) -> Post | None:
    """The post by which the person may give the line back: as an officer above the unit. What the office itself has
    handed in nobody gives back."""
    return None if unit == call.unit else list_posts_over(user, unit, on, Power.MANAGE, is_above=True).first()


def find_calling_post(user: User, unit: Unit, on: date) -> Post | None:
    """The post by which the person opens the office's tables, takes sheets in and issues them."""
    return list_posts_over(user, unit, on, Power.MANAGE).first()


def get_called_office(user: User, pk: int, on: date) -> tuple[TableCall, Post]:
    """The table, for an officer of its office. Raises ``Http404`` out of sight, ``PermissionDenied`` otherwise."""
    call = get_table_call(user, pk, on)
    post = find_calling_post(user, call.unit, on)
    if post is None:
        raise PermissionDenied
    return call, post
