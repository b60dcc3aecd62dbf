"""Every page of the site, met by somebody whom it does not concern.

The list of addresses is walked from the URL configuration itself: a new page without a line below fails here.
"""

import io
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter, UUIDConverter
from django.utils import timezone

from tests.web.cast import Cast
from tests.web.conftest import Visit
from tests.web.inspected import make_inspections
from tests.web.ledger import issue_plan
from wuzha.adapters.title_yaml import write_criteria
from wuzha.core.paper.model import Paper
from wuzha.core.paper.wire import write_paper
from wuzha.web.accounts.models import AuditEntry
from wuzha.web.campaign.models import (
    DraftDuty,
    DraftPaper,
    DraftScorecard,
    Evidence,
    IssuedPaper,
    Measure,
    PlanVersion,
    Record,
    Scorecard,
    TableCall,
    TitleCriteria,
    TitleProgram,
    TitleStep,
)
from wuzha.web.campaign.queries.scores import read_draft
from wuzha.web.jobs.models import Job, JobPiece

# Open to everybody, logged in or not.
# The phone page's shell holds nobody's data; it must open before anybody has logged in.
PHONE_SHELL = {"campaign:phone", "campaign:phone-worker", "campaign:phone-manifest", "campaign:phone-file"}
# Each step of logging in is taken by somebody who is nobody yet.
LOG_IN = {"accounts:log-in", "accounts:log-in-second", "accounts:log-in-passkey", "accounts:log-in-options"}
LOG_IN |= {"accounts:log-in-central", "accounts:log-in-central-back"}
# What machines ask: whether the site is well, and no more. Metrics answer 404 unless the settings open them.
HEALTH = {"health:live", "health:ready", "health:metrics"}
PUBLIC = {"set_language", "accounts:welcome"} | LOG_IN | PHONE_SHELL | HEALTH
# A person's own pages: they show nothing of a unit that no post opens.
OWN = {
    "accounts:home",
    "accounts:log-out",
    "accounts:me",
    "accounts:change-password",
    "accounts:security",
    "accounts:factor-app",
    "accounts:factor-passkey",
    "accounts:factor-passkey-options",
    "accounts:factor-codes",
    "accounts:proof-options",
    "accounts:session-end-others",
    "accounts:choose-post",
    "accounts:people-import",
    "accounts:people-preview",
    "accounts:people-confirm",
    "accounts:people-template",
    "accounts:units",
    "audit:own",
    "accounts:jobs",
    "campaign:today",
    "campaign:work",
    "campaign:plans",
    "campaign:plan-upload",
    "campaign:minutes",
    "campaign:kinds",
    "campaign:calendar",
    "campaign:rounds",
    "campaign:standings",
    "campaign:records",
    "campaign:sites",
    "campaign:record-new",
    "campaign:queue-file",
    "campaign:records-held",
    "campaign:looks",
    "campaign:papers",
    "campaign:inspections",
    "campaign:inspection-new",
    "campaign:findings",
    "campaign:checklist",
    "campaign:briefings",
    "campaign:score-new",
    "campaign:scores",
    "campaign:paper-new",
    "campaign:tables",
    "campaign:supervision",
    "campaign:ladder",
    "campaign:measure-new",
    "campaign:titles",
    "campaign:title-new",
    "campaign:phone-state",
    "campaign:phone-records",
    "campaign:records-import",
    "campaign:records-preview",
    "campaign:records-confirm",
    "campaign:records-drop",
    "campaign:records-reasons",
    "campaign:records-template",
    "campaign:records-template-csv",
    "campaign:records-xlsx",
    "campaign:records-csv",
    "api:openapi-json",
    "api:openapi-view",
}
# Pages for officers at the root: an outsider is told that their post does not allow it.
ROOT_ONLY = {
    "audit:log",
    "personal:retention",
    "personal:holds",
    "accounts:roster",
    "accounts:roster-preview",
    "accounts:roster-confirm",
    "accounts:roster-template",
}
# What an outsider asks for, by the name of the argument or else by its kind. All of it belongs to 青石镇 and is there.
NUMBER = 7001  # far from what the database counts by itself
RECORD = UUID("018f3c1e-0000-7000-8000-000000000001")
FOREIGN: dict[str, object] = {
    "code": "SQ01",
    "duty_id": "rally-1",
    "version": "0",
    "name": "app.js",
    "link": "no-such-link",
    "what": "move",
    "kind_code": "own_fair",
    "kind": "uploads",
    "sort": "docx",
    "item": "rallies",
    "act": "appeal",
}
BY_KIND: dict[type, object] = {IntConverter: NUMBER, UUIDConverter: RECORD}
SECRETS = ("青石镇", "柳湾村", "东社区")


def walk(patterns: list[URLPattern | URLResolver], space: str = "") -> Iterator[tuple[str, dict[str, object]]]:
    """Each named address with a value for each of its arguments."""
    for item in patterns:
        if isinstance(item, URLResolver):
            yield from walk(item.url_patterns, f"{item.namespace}:" if item.namespace else space)
        else:
            values = {name: choose_value(name, kind) for name, kind in item.pattern.converters.items()}
            yield f"{space}{item.name}", values


def choose_value(name: str, converter: object) -> object:
    value = FOREIGN.get(name, BY_KIND.get(type(converter)))
    assert value is not None, f"say in FOREIGN which {name} an outsider asks for"
    return value


def read_text(answer: Any) -> str:
    """All that an answer says: of a stream its pieces, of a workbook the text of its parts."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            content = b"".join(map(package.read, package.namelist()))
    return str(content.decode())


ADDRESSES = sorted(walk(get_resolver().url_patterns), key=lambda address: address[0])
# What a program asks for: whom it does not know it tells so, and sends nobody to the log-in.
FOR_KEYS = {name for name, _ in ADDRESSES if name.startswith("api:")} - OWN - {"api:api-root"}
FOR_PROGRAMS = {"campaign:phone-state", "campaign:phone-records", "campaign:evidence"} | FOR_KEYS
OWN_PAGES = [address for address in ADDRESSES if address[0] in OWN and not address[1]]
GUARDED = [address for address in ADDRESSES if address not in OWN_PAGES and address[0] not in PUBLIC | ROOT_ONLY]


@pytest.fixture
def things(cast: Cast) -> None:
    """A plan under review with a duty, a record and papers, all of 青石镇, with the numbers that are asked for."""
    now = timezone.now()
    plan = PlanVersion.objects.create(
        pk=NUMBER, unit=cast.town, title="青石镇反诈工作方案", created_by=cast.town_officer, created_at=now
    )
    DraftDuty.objects.create(pk=NUMBER, version=plan, position=1, duty={"id": "rally-1", "do": "rally"})
    Record.objects.create(
        id=RECORD,
        unit=cast.village,
        kind="rally",
        happened_on=timezone.localdate(now),
        author=cast.secretary,
        recorded_at=now,
        received_at=now,
    )
    Evidence.objects.create(
        id=RECORD,
        record_id=RECORD,
        sha256="0" * 64,
        size=1,
        sent_sha256="0" * 64,
        sent_size=1,
        media_type="image/jpeg",
        name="柳湾村.jpg",
        received_at=now,
        uploaded_by=cast.secretary,
    )
    make_papers(cast, now)
    make_inspections(cast, now, NUMBER, RECORD)
    make_cards(cast, now)
    make_title(cast, now)
    make_table(cast, now)
    told = {"action": "unit.renamed", "actor": cast.town_officer, "object_type": "unit", "object_id": str(cast.town.pk)}
    AuditEntry.objects.create(pk=NUMBER, at=now, details={"name": "青石镇"}, **told)
    make_job(cast, now)


def make_job(cast: Cast, now: datetime) -> None:
    """A long file of the town that its officer asked for and that is ready."""
    answer = {"name": 'attachment; filename="a.csv"', "media_type": "text/csv", "size": 9, "posts": []}
    job = Job.objects.create(
        pk=RECORD, kind="export", key="a", title="青石镇台账", asked_by=cast.town_officer, asked_at=now, due_at=now,
        state="done", attempts=1, finished_at=now, answer=answer,
    )  # fmt: skip
    JobPiece.objects.create(job=job, attempt=1, number=0, content="青石镇".encode())


def make_cards(cast: Cast, now: datetime) -> None:
    """A scorecard of the town that holds, and another one that is a draft."""
    plan = issue_plan(cast, unit=cast.town, title="青石镇评分方案")
    item = {"code": "rallies", "block": "work", "title": "青石镇集中宣传", "title_en": "Rallies", "points": 8}
    item["duties"] = {"id": ["rally"]}
    content = {"title": "青石镇评分表", "from": "2026-01-01", "to": "2026-12-31", "points": 8, "items": [item]}
    content |= {"blocks": {"work": ["工作", "Work"]}, "appeal_days": 10, "hear_days": 5}
    place = {"unit": cast.town, "plan": plan}
    acts = {"changed_by": cast.town_officer, "changed_at": now, "created_by": cast.town_officer, "created_at": now}
    draft = DraftScorecard.objects.create(pk=RECORD, content=content, **place, **acts)
    text, card, _ = read_draft(draft)
    assert card is not None
    days = {"opens_on": card.period.opens, "last_on": card.period.last_day, "adopted_on": card.period.opens}
    rules = {"version": 1, "title": card.title, "text": text, "digest": card.digest, "draft": UUID(int=2)}
    by = {"adopted_by": cast.town_officer, "adopted_as": "青石镇 · 专干", "adopted_at": now}
    Scorecard.objects.create(pk=NUMBER, **place, **days, **rules, **by)


def make_table(cast: Cast, now: datetime) -> None:
    """A monthly table that the town collects."""
    day = timezone.localdate(now)
    issued = issue_plan(cast, day.year, unit=cast.town, title="青石镇月报方案")
    asked = {"unit": cast.town, "version": issued, "month": f"{day:%Y-%m}", "due_on": day, "given_as": "青石镇"}
    TableCall.objects.create(pk=NUMBER, **asked, opened_by=cast.town_officer, opened_at=now)


def make_papers(cast: Cast, now: datetime) -> None:
    """A letter of the town to its village, issued, and another one that is a draft."""
    days = {"as_of": timezone.localdate(now), "known_by": timezone.localdate(now), "counted_at": now}
    said = {"title": "柳湾村工作提示函", "addressee": "柳湾村", "signed_by": "青石镇", "asks": []}
    content = write_paper(Paper("letter", "柳湾村工作提示函", ()))
    plain = {"form": "letter", "unit": cast.town, "addressee": cast.village, "title": said["title"], "said": said}
    shared = {**plain, **days, "content": content, "asked": {"plan": NUMBER}}
    acts = {"changed_by": cast.town_officer, "changed_at": now, "created_by": cast.town_officer, "created_at": now}
    DraftPaper.objects.create(pk=RECORD, **shared, **acts)
    number = {"draft": UUID(int=1), "year": 2026, "serial": 1, "number": "〔2026〕1号"}
    made = {"docx": b"PK", "docx_sha256": "0" * 64, "issued_by": cast.town_officer, "issued_at": now}
    paper = IssuedPaper.objects.create(pk=NUMBER, **shared, **number, **made)
    day = timezone.localdate(now)
    days = {f"{name}_by": day + timedelta(days=9) for name in ("answer", "mend", "appeal")}
    days |= {"as_of": day, "known_by": day, "given_on": day}
    step: dict[str, Any] = {
        "look_back_days": 90,
        "step": "remind",
        "step_title": "提示",
        "step_title_en": "Reminder",
        "post": "officer",
    }
    facts = {"about": [{"duty": "rally-1", "windows": ["2026-01"]}], "facts": []}
    units = {"unit": cast.village, "office": cast.town, "version_id": NUMBER, "given_by": cast.town_officer}
    Measure.objects.create(pk=NUMBER, paper=paper, **units, **step, **facts, **days)


def make_title(cast: Cast, now: datetime) -> None:
    """A title of the town, for which its village has applied."""
    day = timezone.localdate(now)
    program = TitleProgram.objects.create(
        pk=NUMBER, unit=cast.town, name="青石镇无诈村", kinds=["village"], created_by=cast.town_officer, created_at=now
    )
    _, text = write_criteria(day.year, "青石镇")
    criteria = {"text": text, "title": "青石镇创建标准", "months": 3, "since": day}
    TitleCriteria.objects.create(program=program, **criteria, made_by=cast.town_officer, made_at=now)
    by = {"by": cast.secretary, "post_unit": cast.village, "role": "secretary", "made_at": now}
    TitleStep.objects.create(program=program, unit=cast.village, place=0, kind="applied", on=day, **by)


def test_what_the_outsider_asks_for_is_there(cast: Cast, visit: Visit, things: None) -> None:
    browser = visit(cast.town_officer)

    assert browser.get(reverse("campaign:record", args=[RECORD])).status_code == 200
    assert browser.get(reverse("campaign:evidence", args=[RECORD])).status_code == 200
    assert browser.get(reverse("accounts:job", args=[RECORD])).status_code == 200
    assert browser.get(reverse("accounts:job-file", args=[RECORD])).status_code == 200
    assert browser.get(reverse("campaign:plan-review", args=[NUMBER])).status_code == 200
    assert browser.get(reverse("campaign:plan-duty", args=[NUMBER, NUMBER])).status_code == 200
    assert browser.get(reverse("campaign:paper", args=[NUMBER])).status_code == 200
    assert browser.get(reverse("campaign:measure", args=[NUMBER])).status_code == 200
    for page in ("title", "title-criteria", "title-units"):
        assert browser.get(reverse(f"campaign:{page}", args=[NUMBER])).status_code == 200
    assert browser.get(reverse("campaign:title-unit", args=[NUMBER, "SQ0101"])).status_code == 200
    assert browser.get(reverse("campaign:paper-draft", args=[RECORD])).status_code == 200
    assert browser.get(reverse("campaign:paper-file", args=[NUMBER, "docx"])).status_code == 200
    assert browser.get(reverse("campaign:inspection", args=[NUMBER])).status_code == 200
    assert browser.get(reverse("campaign:inspection-visit", args=[NUMBER])).status_code == 200
    assert browser.get(reverse("campaign:finding", args=[NUMBER])).status_code == 200
    assert browser.get(reverse("campaign:score-draft", args=[RECORD])).status_code == 200
    assert browser.get(reverse("campaign:score-draft-item", args=[RECORD, "rallies"])).status_code == 200
    assert browser.get(reverse("campaign:score-rules", args=[NUMBER])).status_code == 200
    assert browser.get(reverse("campaign:score-item", args=[NUMBER, "SQ01", "rallies"])).status_code == 200


def test_every_list_above_names_pages_that_exist() -> None:
    assert {name for name, _ in ADDRESSES} >= PUBLIC | ROOT_ONLY | {
        name for name in OWN if name.startswith("accounts:")
    }


@pytest.mark.parametrize(("name", "values"), GUARDED)
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.usefixtures("things")
def test_an_outsider_learns_nothing_of_a_unit_not_even_that_it_exists(
    cast: Cast, visit: Visit, name: str, values: dict[str, object], method: str
) -> None:
    answer = getattr(visit(cast.outsider), method)(reverse(name, kwargs=values))

    # 405 for the wrong method says nothing about the object either.
    closed = (401, 405) if name in FOR_KEYS else (404, 405)
    assert answer.status_code in closed, f"{name} answers {answer.status_code}: it must be 404, or stand in a list"
    assert not any(secret in answer.content.decode() for secret in SECRETS)


@pytest.mark.parametrize(("name", "values"), OWN_PAGES)
@pytest.mark.usefixtures("things")
def test_an_outsider_sees_nothing_of_others_on_their_own_pages(
    cast: Cast, visit: Visit, name: str, values: dict[str, object]
) -> None:
    answer = visit(cast.outsider).get(reverse(name, kwargs=values), follow=True)

    text = read_text(answer)
    assert answer.status_code in (200, 405)
    assert not any(secret in text for secret in SECRETS)


@pytest.mark.parametrize(("name", "values"), OWN_PAGES)
def test_a_person_without_a_post_sees_no_unit(cast: Cast, visit: Visit, name: str, values: dict[str, object]) -> None:
    answer = visit(cast.nobody).get(reverse(name, kwargs=values), follow=True)

    text = read_text(answer)
    assert answer.status_code in (200, 403, 405)
    assert not any(secret in text for secret in (*SECRETS, "石桥县", "河口镇"))


@pytest.mark.parametrize("name", sorted(ROOT_ONLY))
@pytest.mark.parametrize("who", ["outsider", "town_officer", "secretary", "supervisor", "nobody"])
def test_the_roster_is_for_the_officer_at_the_root(cast: Cast, visit: Visit, name: str, who: str) -> None:
    browser = visit(cast.people[who])
    answers = {browser.get(reverse(name)).status_code, browser.post(reverse(name)).status_code}

    assert answers <= {403, 405}
    assert 403 in answers


@pytest.mark.parametrize(("name", "values"), [address for address in ADDRESSES if address[0] not in PUBLIC])
def test_a_stranger_is_sent_to_the_log_in(db: None, name: str, values: dict[str, object]) -> None:
    answer = Client().get(reverse(name, kwargs=values))

    assert answer.status_code in ((401, 405) if name in FOR_PROGRAMS else (302, 405))
    assert answer.status_code in (401, 405) or answer.headers["Location"].startswith(("/log-in/", "/today/"))
