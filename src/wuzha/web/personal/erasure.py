"""Everything that is kept of one person: as a file for them, or with the name taken out once they have left.

Every table that names a person stands in :data:`TABLES`, with what becomes of it; a test compares it with the models.
"""

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.db.models import Max, Q
from django.utils import timezone

from wuzha.web.accounts.actions import write_audit
from wuzha.web.accounts.models import AuditEntry, Post, User
from wuzha.web.personal.field import Sealed
from wuzha.web.personal.held import name_holds
from wuzha.web.personal.models import Departure, LegalHold

# What becomes of the rows of a table that name the person: they go, or they stay and show the number of who left.
GOES, STAYS = "goes", "stays"
GONE = "已注销人员"
WORK = "工作台账和公文要说明由谁办理（档案法、行政机关公文处理要求）；姓名已换成编号"
LOG = "审计日志依法留存，不得改动（网络安全法、个人信息保护法第五十六条）"


@dataclass(frozen=True, slots=True)
class Named:
    """A column that names a person: what becomes of its rows when the person is taken out, and why they stay."""

    fate: str
    why: str = ""


_GOES, _WORK, _LOG = Named(GOES), Named(STAYS, WORK), Named(STAYS, LOG)
# Tables whose rows are the person's own and go with the name.
OWN = (
    "accounts.RosterUpload.uploaded_by",
    "accounts.PeopleUpload.uploaded_by",
    "accounts.Invitation.user",
    "signin.SignIn.user",
    "personal.PersonContact.user",
    "campaign.RecordUpload.uploaded_by",
    "campaign.TableUpload.uploaded_by",
    "campaign.GroundUpload.uploaded_by",
    "account.EmailAddress.user",
    "mfa.Authenticator.user",
    "socialaccount.SocialAccount.user",
    "jobs.Job.asked_by",
    "accounts.User_groups.user",
    "accounts.User_user_permissions.user",
)
LOGS = ("accounts.AuditEntry.actor", "personal.Departure.user", "personal.Departure.made_by")
# Every other column that names somebody tells who did a piece of work.
WORKED = (
    "accounts.ApiToken.made_by",
    "accounts.Invitation.made_by",
    "accounts.ComingChange.made_by",
    "accounts.ComingChange.settled_by",
    "accounts.Post.user",
    "accounts.UnitChange.made_by",
    "personal.LegalHold.lifted_by",
    "personal.LegalHold.made_by",
    "personal.RetentionDays.made_by",
    "campaign.BriefingStart.set_by",
    "campaign.CalendarDay.author",
    "campaign.CalendarDay.withdrawn_by",
    "campaign.ChecklistEntry.author",
    "campaign.Document.uploaded_by",
    "campaign.DraftChange.actor",
    "campaign.DraftDuty.changed_by",
    "campaign.DraftPaper.changed_by",
    "campaign.DraftPaper.created_by",
    "campaign.DraftScorecard.changed_by",
    "campaign.DraftScorecard.created_by",
    "campaign.DutyWaiver.author",
    "campaign.DutyWaiver.withdrawn_by",
    "campaign.Evidence.uploaded_by",
    "campaign.FindingEvent.by",
    "campaign.HeldRecord.author",
    "campaign.InspectionDraw.drawn_by",
    "campaign.InspectionReport.inspector",
    "campaign.InspectionRound.created_by",
    "campaign.IssuedPaper.issued_by",
    "campaign.KindMinutes.author",
    "campaign.LadderVersion.made_by",
    "campaign.Look.looked_by",
    "campaign.Measure.given_by",
    "campaign.OwnKind.author",
    "campaign.PaperEvent.made_by",
    "campaign.PictureLook.looked_by",
    "campaign.PlanVersion.created_by",
    "campaign.PlanVersion.issued_by",
    "campaign.PublicCopy.issued_by",
    "campaign.Record.author",
    "campaign.Restatement.made_by",
    "campaign.ScoreEvent.made_by",
    "campaign.Scorecard.adopted_by",
    "campaign.SubjectList.author",
    "campaign.TableAct.author",
    "campaign.TableCall.opened_by",
    "campaign.TableSheet.author",
    "campaign.TitleCriteria.made_by",
    "campaign.TitleProgram.created_by",
    "campaign.TitleStep.by",
    "campaign.VisitCalledOff.by",
)
# What is about the person rather than written by them: all of it goes into every file about them.
ABOUT = (
    "accounts.AuditEntry.actor",
    "accounts.Invitation.user",
    "accounts.Post.user",
    "accounts.User_groups.user",
    "accounts.User_user_permissions.user",
    "account.EmailAddress.user",
    "mfa.Authenticator.user",
    "personal.Departure.user",
    "personal.PersonContact.user",
    "signin.SignIn.user",
    "socialaccount.SocialAccount.user",
)
TABLES: Mapping[str, Named] = MappingProxyType(
    {**dict.fromkeys(OWN, _GOES), **dict.fromkeys(LOGS, _LOG), **dict.fromkeys(WORKED, _WORK)}
)


def list_columns() -> list[tuple[type[models.Model], Any]]:
    """Every column of every table that names a person."""
    return sorted(
        (
            (model, field)
            for model in apps.get_models(include_auto_created=True)
            for field in model._meta.concrete_fields
            if field.related_model is User
        ),
        key=lambda one: name_column(*one),
    )


def name_column(model: type[models.Model], field: Any) -> str:
    return f"{model._meta.label}.{field.name}"


def find_fate(model: type[models.Model], field: Any) -> Named:
    """What becomes of it. A table that nobody has thought of stays, as all work does; a test names it."""
    return TABLES.get(name_column(model, field), _WORK)


def list_gone(limit: date) -> list[tuple[User, date]]:
    """The people whose last post ended before that day and whose name still stands, with the day on which it ended."""
    ended = Post.objects.order_by().values("user").annotate(last=Max("closes_on")).filter(last__lt=limit)
    found = {row["user"]: row["last"] for row in ended}
    people = User.objects.filter(pk__in=found, departure=None, is_superuser=False).order_by("pk")
    return [(person, found[person.pk]) for person in people]


# --- as a file ---


@transaction.atomic
def export_person(*, actor: User | None, person: User, reason: str, now: datetime) -> bytes:
    """A zip of what is kept of the person, a JSON file a table, and a list of what is in it.

    Article 45 of the law on personal information (PIPL) gives the person a copy of what is kept of them: the person
    themself gets every row whole, and so does who runs the machine (``actor`` is None), for handing it to somebody
    who can no longer log in. Nobody else has that right by it. A keeper who answers for the person's sake gets whole
    what is about the person (account, posts, number, log-ins, log), and of what the person wrote or had made in
    office (records, drafts, papers, plans, files) the numbers of the rows alone: whoever may read those reads them
    where they stand, and an administrator may not.
    """
    write_audit(action="person.exported", actor=actor, target=person, at=now, reason=reason)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        contents = {}
        for name, rows in _list_files(person, is_whole=actor is None or actor.pk == person.pk):
            told = list(rows)
            contents[name] = len(told)
            _write(archive, f"{name}.json", told)
        _write(archive, "contents.json", {"person": person.pk, "made_at": now.isoformat(), "tables": contents})
    return packed.getvalue()


def _list_files(person: User, *, is_whole: bool) -> Iterator[tuple[str, Iterator[dict[str, Any]]]]:
    yield "person", iter([_tell_row(person)])
    for model, field in list_columns():
        rows, name = model._default_manager.filter(**{field.name: person}).order_by("pk"), name_column(model, field)
        tell = _tell_row if is_whole or name in ABOUT else _tell_number
        yield name, map(tell, rows.iterator(chunk_size=500))
    looks = AuditEntry.objects.filter(object_type="user", object_id=str(person.pk)).order_by("pk")
    yield "about-this-person", map(_tell_row, looks.iterator(chunk_size=500))


# What is no data of the person's but a lock, or the bytes of somebody's file.
LEFT_OUT = ("password", "digest", "session_key", "session_data")


def _tell_row(row: models.Model) -> dict[str, Any]:
    return {
        field.name: _tell_value(getattr(row, field.attname))
        for field in row._meta.concrete_fields
        if field.name not in LEFT_OUT and not (row._meta.app_label == "mfa" and field.name == "data")
    }


def _tell_number(row: models.Model) -> dict[str, Any]:
    return {"id": row.pk}


def _tell_value(value: Any) -> Any:
    match value:
        case Sealed():
            return value.reveal()
        case bytes() | memoryview():
            return f"{len(value)} bytes"
        case _:
            return value


def _write(archive: zipfile.ZipFile, name: str, told: Any) -> None:
    archive.writestr(name, json.dumps(told, ensure_ascii=False, indent=1, cls=DjangoJSONEncoder))


# --- the name taken out ---


class StillInPostError(Exception):
    """Somebody who holds a post cannot be taken out: first the post ends."""


class HeldError(Exception):
    """A hold is on the person or on a unit of theirs: nothing of theirs is deleted until it is lifted.

    ``on`` is what the hold is on, in words, and ``why`` its reason.
    """

    def __init__(self, hold: LegalHold) -> None:
        super().__init__(hold.reason)
        self.on = name_holds([hold])[hold.pk]
        self.why = hold.reason


def find_hold(person: User) -> LegalHold | None:
    """The first hold in force on the person, or on a unit at or below which they ever held a post."""
    on_person = Q(object_type="person", object_id=str(person.pk))
    paths = Post.objects.filter(user=person).values_list("unit__path", flat=True)
    above = {path[: end + 1] for path in paths for end, sign in enumerate(path) if sign == "/"}
    holds = LegalHold.objects.select_related("unit").filter(lifted_at=None)
    return holds.filter(on_person | Q(unit__path__in=above)).order_by("made_at", "pk").first()


@transaction.atomic
def erase_person(*, actor: User | None, person: User, reason: str, now: datetime) -> Departure:
    """Takes the name, the number and the log-in of somebody out who has left. What they recorded stays and counts.

    Done again it changes nothing. Raises :class:`StillInPostError` while a post is in force or still to come,
    by the day of the place, and :class:`HeldError` while a hold is on the person.
    """
    kept = Departure.objects.select_for_update().filter(user=person).first()
    if kept is not None:
        return kept
    if Post.objects.filter(user=person, closes_on__gt=timezone.localdate(now)).exists():
        raise StillInPostError
    if (row := find_hold(person)) is not None:
        raise HeldError(row)
    number = (Departure.objects.aggregate(last=Max("number"))["last"] or 0) + 1
    gone = _delete_own(person)
    _take_name_out(person, number)
    departure = Departure(user=person, number=number, reason=reason, made_by=actor, made_at=now)
    departure.certificate = _certify(person, number, reason, gone, now)
    departure.save(force_insert=True)
    write_audit(action="person.erased", actor=actor, target=person, at=now, number=number, reason=reason)
    return departure


def _delete_own(person: User) -> dict[str, int]:
    """The rows that were the person's own, by their table."""
    gone = {}
    for model, field in list_columns():
        if find_fate(model, field).fate == GOES:
            rows = model._default_manager.filter(**{field.name: person})
            if count := rows.count():
                gone[str(model._meta.label)] = count
                rows.delete()
    return gone


def _take_name_out(person: User, number: int) -> None:
    fields = {
        "username": f"gone-{number:04d}",
        "display_name": f"{GONE}{number:04d}",
        "password": "!",
        "is_active": False,
    }
    fields |= {"first_name": "", "last_name": "", "email": "", "last_login": None}
    User.objects.filter(pk=person.pk).update(**fields)
    person.refresh_from_db()


def _certify(person: User, number: int, reason: str, gone: Mapping[str, int], now: datetime) -> str:
    """The certificate: what went, what stays and why. It names the person by the number alone."""
    stays: dict[str, dict[str, int]] = {}
    for model, field in list_columns():
        fate = find_fate(model, field)
        if fate.fate == STAYS and (count := model._default_manager.filter(**{field.name: person}).count()):
            table = stays.setdefault(fate.why, {})
            table[str(model._meta.label)] = table.get(str(model._meta.label), 0) + count
    lines = [
        "个人信息删除（去标识化）凭证",
        f"编号：{GONE}{number:04d}",
        f"时间：{timezone.localtime(now):%Y-%m-%d %H:%M}",
        f"事由：{reason}",
        "依据：个人信息保护法第四十七条",
        "已删除：姓名、用户名、密码、电子邮箱、最后登录时间",
        *(f"已删除：{table} {count} 条" for table, count in gone.items()),
        *(f"保留：{table} {count} 条。{why}" for why, tables in stays.items() for table, count in tables.items()),
        "另有：审计日志的说明文字里可能写有当时的用户名，依法保留、不能改动；更早的备份按备份的保存期限删除。",
    ]
    return "\n".join(lines) + "\n"
