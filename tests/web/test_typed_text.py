"""Numbers of persons that somebody types into a reason, a note or a title are kept and shown masked, wherever it is."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models
from django.utils import timezone

from tests.web.cast import Cast
from tests.web.conftest import Visit
from wuzha.web.accounts.models import UnitChange
from wuzha.web.accounts.typed import TYPED, TypedChar, TypedJson
from wuzha.web.campaign.models import DraftPaper
from wuzha.web.personal.actions import hold, lift_hold
from wuzha.web.personal.field import SealedText
from wuzha.web.personal.models import LegalHold

NUMBER, IDENTITY = "13800138000", "11010519491231002X"
WORDS = f"联系人{NUMBER}，证件{IDENTITY}"
MASKED = "联系人138****8000，证件110*************2X"
OURS = ("accounts", "signin", "personal", "campaign", "jobs")

PROGRAM = "the program writes it: a code, a digest, an id, a path, the words of a post"
LOG = "the audit log masks what it is given by itself"
FIGURES = "figures, choices and days"
PLAN = (
    "the words of an official plan: kept whole, since it is an issued public document; pages and files mask the people"
)
GROUND = "places on the map, without words"
RECORD = "records are masked where they come in, and the original is sealed beside them"
NAME = "the name of a body or a kind of it, on every page and paper"
# Every column of text that is neither sealed nor masked as it is kept, and why.
KEPT: Mapping[str, str] = {
    **dict.fromkeys(
        (
            "jobs.Job.kind",
            "jobs.Job.key",
            "jobs.Job.asked",
            "jobs.Job.title",
            "jobs.Job.worker",
            "jobs.Job.answer",
            "jobs.Worker.name",
            "accounts.User.password",
            "accounts.Unit.path",
            "accounts.ApiToken.digest",
            "accounts.Invitation.digest",
            "accounts.AuditSeal.before",
            "accounts.AuditSeal.digest",
            "accounts.AuditCheck.digest",
            "accounts.AuditCut.digest",
            "signin.SignIn.session_key",
            "signin.SignIn.address",
            "signin.SignIn.browser",
            "signin.Attempt.key",
            "personal.SealedPart.object_type",
            "personal.SealedPart.object_id",
            "personal.SealedPart.field",
            "personal.SealedPart.finder",
            "personal.PersonContact.finder",
            "personal.PersonContact.masked",
            "personal.LegalHold.object_type",
            "personal.LegalHold.object_id",
            "personal.RetentionDays.kind",
            "personal.RetentionRun.lines",
            "campaign.IssuedPaper.docx_sha256",
            "campaign.IssuedPaper.pdf_sha256",
            "campaign.IssuedPaper.pdf_note",
            "campaign.IssuedPaper.xlsx_sha256",
            "campaign.PictureLook.sha256",
            "campaign.PictureLook.post",
            "campaign.PublicCopy.docx_sha256",
            "campaign.PublicCopy.pdf_sha256",
            "campaign.PublicCopy.pdf_note",
            "campaign.PublicCopy.post",
            "campaign.Evidence.sha256",
            "campaign.Evidence.sent_sha256",
            "campaign.Evidence.media_type",
            "campaign.HeldRecord.why",
            "campaign.ChecklistEntry.code",
            "campaign.InspectionRound.sealed",
            "campaign.InspectionRound.digest",
            "campaign.InspectionRound.post",
            "campaign.InspectionDraw.seed",
            "campaign.InspectionDraw.post",
            "campaign.InspectionReport.post",
            "campaign.VisitCalledOff.post",
            "campaign.InspectionFinding.number",
            "campaign.InspectionFinding.item",
            "campaign.FindingEvent.post",
            "campaign.OwnKind.code",
            "campaign.Measure.post",
            "campaign.PaperEvent.post",
            "campaign.TableCall.given_as",
            "campaign.TableAct.given_as",
            "campaign.TableSheet.given_as",
            "campaign.TableSheet.sha256",
            "campaign.Scorecard.digest",
            "campaign.Scorecard.adopted_as",
            "campaign.ScoreEvent.item",
            "campaign.ScoreEvent.made_as",
            "campaign.TitleStep.reason",
            "campaign.DutyWaiver.duty",
            "campaign.DutyWaiver.given_as",
            "campaign.Document.sha256",
        ),
        PROGRAM,
    ),
    **dict.fromkeys(
        (
            "accounts.AuditEntry.action",
            "accounts.AuditEntry.object_type",
            "accounts.AuditEntry.object_id",
            "accounts.AuditEntry.details",
            "accounts.AuditEntry.request",
        ),
        LOG,
    ),
    **dict.fromkeys(
        (
            "accounts.Unit.code",
            "accounts.Unit.name",
            "accounts.Unit.line",
            "accounts.Placement.name",
            "accounts.Placement.line",
            "accounts.ComingChange.details",
            "accounts.Attribute.name",
            "campaign.InspectionRound.line",
        ),
        NAME,
    ),
    **dict.fromkeys(
        (
            "campaign.PictureLook.boxes",
            "campaign.InspectionRound.kinds",
            "campaign.InspectionRound.quarter",
            "campaign.InspectionRound.candidates",
            "campaign.InspectionDraw.spared",
            "campaign.InspectionVisit.quarter",
            "campaign.InspectionVisit.records",
            "campaign.OwnKind.shape",
            "campaign.OwnKind.asks",
            "campaign.OwnKind.covers",
            "campaign.KindMinutes.kind",
            "campaign.Measure.facts",
            "campaign.Measure.about",
            "campaign.TableCall.month",
            "campaign.TitleProgram.kinds",
        ),
        FIGURES,
    ),
    **dict.fromkeys(
        (
            "campaign.Document.text",
            "campaign.PlanVersion.title",
            "campaign.PlanVersion.issuer",
            "campaign.PlanVersion.reading",
            "campaign.PlanVersion.text",
            "campaign.DraftDuty.demand",
            "campaign.DraftDuty.duty",
            "campaign.DraftDuty.questions",
            "campaign.DraftDuty.spans",
            "campaign.DraftStep.before",
            "campaign.DraftStep.after",
        ),
        PLAN,
    ),
    **dict.fromkeys(
        (
            "campaign.Record.kind",
            "campaign.Record.subject",
            "campaign.Record.change",
            "campaign.Record.grade",
            "campaign.Record.place",
            "campaign.Record.audience",
            "campaign.Record.note",
            "campaign.Record.extra",
            "campaign.HeldRecord.told",
        ),
        RECORD,
    ),
    **dict.fromkeys(("campaign.Road.kind", "campaign.Road.line", "campaign.Outline.ring"), GROUND),
    **dict.fromkeys(
        (
            "campaign.LadderVersion.text",
            "campaign.Measure.step",
            "campaign.Measure.step_title",
            "campaign.Measure.step_title_en",
            "campaign.DraftScorecard.content",
            "campaign.Scorecard.title",
            "campaign.Scorecard.text",
            "campaign.TitleCriteria.text",
        ),
        "rules for a county, adopted with their digest: a number of a person has no place in them, and none fits",
    ),
    **dict.fromkeys(
        ("campaign.SitePlace.subject", "campaign.SubjectList.numbers"),
        "numbers of doors and sites, compared with the subjects of records, which are masked where they come in",
    ),
    **dict.fromkeys(
        ("accounts.User.username", "accounts.User.first_name", "accounts.User.last_name", "accounts.User.email"),
        "what somebody logs in with, asked for as it is typed; the others are asked for nowhere",
    ),
}


def list_text() -> list[tuple[str, Any]]:
    """Every column of text of our own tables in which anything may stand."""
    kinds = (models.CharField, models.TextField, models.JSONField)
    return [
        (f"{model._meta.label}.{field.name}", field)
        for app in OURS
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, kinds) and not field.choices
    ]


def test_every_column_of_text_is_sealed_or_masked_or_says_why_not() -> None:
    open_ones = {name for name, field in list_text() if not isinstance(field, (*TYPED, SealedText))}

    assert open_ones - set(KEPT) == set()
    assert set(KEPT) - open_ones == set()
    assert all(KEPT.values())


TYPED_ONES = [(name, field) for name, field in list_text() if isinstance(field, TYPED)]


@pytest.mark.parametrize(("name", "field"), TYPED_ONES, ids=[name for name, _ in TYPED_ONES])
def test_what_is_typed_is_masked_on_its_way_in_and_what_is_there_on_its_way_out(
    name: str, field: Any, db: None
) -> None:
    is_json = isinstance(field, TypedJson)
    typed = {"words": [WORDS]} if is_json else WORDS

    told = field.from_db_value(json.dumps(typed, ensure_ascii=False) if is_json else typed, None, connection)

    assert told == ({"words": [MASKED]} if is_json else MASKED)
    assert is_json or field.get_db_prep_save(typed, connection) == MASKED


def test_the_tables_are_those_of_django() -> None:
    assert TypedChar(max_length=20).deconstruct()[1] == "django.db.models.CharField"


def read_raw(model: type[models.Model], column: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {model._meta.db_table}")
        return [str(row[0]) for row in cursor.fetchall()]


def test_a_reason_is_masked_when_it_is_added_and_when_it_is_updated(cast: Cast) -> None:
    row = hold(actor=cast.officer, reason=WORDS, now=timezone.now(), unit=cast.village)
    assert row.reason == MASKED
    assert lift_hold(actor=cast.officer, row=row, reason=WORDS, now=timezone.now())

    assert read_raw(LegalHold, "reason") == [MASKED]
    assert read_raw(LegalHold, "lifted_because") == [MASKED]


def test_many_at_once_are_masked_too(cast: Cast) -> None:
    now = timezone.now()
    row = {"unit": cast.village, "kind": "closed", "happened_on": now.date(), "made_by": cast.officer, "made_at": now}
    UnitChange.objects.bulk_create([UnitChange(**row, reason=WORDS, source=WORDS)])
    assert read_raw(UnitChange, "reason") == [MASKED]
    assert read_raw(UnitChange, "source") == [MASKED]


def test_what_was_kept_before_is_shown_masked_on_the_page_and_in_its_file(cast: Cast, visit: Visit) -> None:
    row = hold(actor=cast.officer, reason="等待办案机关通知", now=timezone.now(), unit=cast.village)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {LegalHold._meta.db_table} SET reason = %s WHERE id = %s", [WORDS, row.pk])
    client = visit(cast.officer)

    for address in ("/personal/holds/", "/personal/holds/?format=csv"):
        answer: Any = client.get(address)
        told = (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()
        assert MASKED in told
        assert NUMBER not in told


def test_a_json_is_masked_in_the_database_itself(cast: Cast) -> None:
    row = DraftPaper(form="notice", unit=cast.county, title=WORDS, said={"body": [WORDS], "id": 13800138000})
    row.created_by = row.changed_by = cast.officer
    row.created_at = row.changed_at = row.counted_at = timezone.now()
    row.as_of = row.known_by = timezone.localdate()
    row.save(force_insert=True)

    (said,) = read_raw(DraftPaper, "said")
    assert NUMBER not in said.replace('"id": 13800138000', "")
    assert DraftPaper.objects.get().said["body"] == [MASKED]
    DraftPaper.objects.update(said={"body": WORDS})
    assert NUMBER not in read_raw(DraftPaper, "said")[0]
