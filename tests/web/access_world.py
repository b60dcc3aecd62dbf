"""青石镇 and its village with one real thing of every sort, for whoever asks for it at every address of the site.

Each thing holds a word of its own, so that a page or a file that tells of it to the wrong person is found out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from tests.adapters.photos import draw_scene, save_jpeg
from tests.web.cast import FAST, Cast, make_cast
from tests.web.ledger import enter, issue_plan
from wuzha.adapters.spreadsheets import write_roster_template
from wuzha.adapters.title_yaml import write_criteria
from wuzha.core.paper.model import Paper, Picture
from wuzha.core.paper.wire import write_paper
from wuzha.web.accounts.access import digest_token
from wuzha.web.accounts.actions import hold_roster
from wuzha.web.accounts.models import ApiToken, AuditEntry, ComingChange, Post, User
from wuzha.web.audit.places import place_entries
from wuzha.web.campaign.actions.evidence import take_in_file
from wuzha.web.campaign.models import (
    CalendarDay,
    Document,
    DraftDuty,
    DraftPaper,
    DraftScorecard,
    DutyWaiver,
    Evidence,
    GroundUpload,
    HeldRecord,
    InspectionDraw,
    InspectionFinding,
    InspectionReport,
    InspectionRound,
    InspectionVisit,
    IssuedPaper,
    Measure,
    OwnKind,
    PictureLook,
    PlanVersion,
    PublicCopy,
    Road,
    Scorecard,
    TableCall,
    TitleCriteria,
    TitleProgram,
    TitleStep,
)
from wuzha.web.campaign.queries.scores import read_draft
from wuzha.web.jobs.models import Job, JobPiece
from wuzha.web.personal.models import Departure, LegalHold

# Far from what the database counts by itself.
NUMBER = 7001
OTHER = 7002
WAITING = UUID("018f3c1e-0000-7000-8000-000000000009")
# Whoever had a post at 青石镇 until yesterday, and whoever gets one tomorrow: today they are nobody.
FORMER, COMING = "former", "coming"
KEY_OF = "a-key-of-{}"
FALL = "\n  - {id: fall, who: {kind: county}, attain: cases, change: {at_most: -20%, against: last_year}}\n"


@dataclass(frozen=True, slots=True)
class World:
    """The cast, and the ids of the things of 青石镇 by the names that the access table calls them."""

    cast: Cast
    ids: Mapping[str, Any]
    now: datetime

    @property
    def today(self) -> date:
        return timezone.localdate(self.now)


def make_world() -> World:
    """Everything in the database; the photos in the evidence folder of the settings."""
    now, cast = timezone.now(), make_cast()
    world = World(cast, {}, now)
    ids: dict[str, Any] = {}
    for make in (_make_people, _make_plans, _make_records, _make_papers, _make_measure, _make_briefing, _make_cards):
        ids |= make(World(cast, ids, now))
    for make in (_make_title, _make_table, _make_inspections, _make_small_things):
        ids |= make(World(cast, ids, now))
    return World(cast, ids, world.now)


def _make_people(world: World) -> dict[str, object]:
    """Two who hold no post today, a colleague in the village, and a key for everybody's first post."""
    cast, today = world.cast, world.today
    for name, opens, closes in (
        (FORMER, today - timedelta(days=90), today),
        (COMING, today + timedelta(days=1), today + timedelta(days=90)),
    ):
        person = User.objects.create(username=name, display_name=name, password=FAST)
        cast.people[name] = person
        Post.objects.create(user=person, unit=cast.town, role=Post.Role.OFFICER, opens_on=opens, closes_on=closes)
    colleague = User.objects.create(username="colleague", display_name="暗号同事", password=FAST)
    Post.objects.create(pk=NUMBER, user=colleague, unit=cast.village, role=Post.Role.SECRETARY)
    made: dict[str, Any] = {"closes_on": today + timedelta(days=30), "made_by": cast.officer, "made_at": world.now}
    ApiToken.objects.bulk_create(
        ApiToken(
            post=post,
            name="暗号钥匙" if post.pk == NUMBER else "钥匙",
            digest=digest_token(KEY_OF.format(post.user.username)),
            opens_on=today - timedelta(days=1),
            **made,
        )
        for post in {post.user_id: post for post in Post.objects.select_related("user").order_by("-pk")}.values()
    )
    token = ApiToken.objects.get(post_id=NUMBER)
    return {"post": NUMBER, "colleague": colleague.pk, "token": token.pk, "village": "SQ0101", "county": "SQ"}


def _make_plans(world: World) -> dict[str, object]:
    """The county's plan, one that the town has issued, and one that it has under review."""
    cast, now = world.cast, world.now
    acts = {"created_by": cast.town_officer, "created_at": now}
    above = issue_plan(cast, world.today.year, more=FALL)
    issued = issue_plan(cast, world.today.year, unit=cast.town, title="青石镇工作方案")
    document = Document.objects.create(
        name="暗号文件.txt",
        content="暗号正文".encode(),
        sha256="0" * 64,
        unit=cast.town,
        uploaded_by=cast.town_officer,
        uploaded_at=now,
    )
    plan = PlanVersion.objects.create(pk=NUMBER, unit=cast.town, title="暗号草案", document=document, **acts)
    duty = {"id": "rally-1", "do": "rally"}
    DraftDuty.objects.create(pk=NUMBER, version=plan, position=1, duty=duty)
    county = PlanVersion.objects.create(pk=OTHER, unit=cast.county, title="暗号县草案", **acts)
    DraftDuty.objects.create(pk=OTHER, version=county, position=1, duty=duty)
    ids: dict[str, object] = {"county_plan": above.pk, "issued": issued.pk}
    return ids | {"plan": NUMBER, "duty": NUMBER, "other_plan": OTHER, "other_duty": OTHER}


def _make_records(world: World) -> dict[str, object]:
    """A rally of the village with a photo, one of another town, a correction that waits."""
    cast, today = world.cast, world.today
    record = enter(cast.secretary, cast.village, today - timedelta(days=2), people=120, note="暗号台账")
    site = enter(cast.secretary, cast.village, today - timedelta(days=2), "banner", subject="N1", change="install")
    other = enter(cast.outsider, cast.units["SQ0201"], today - timedelta(days=2), people=7, note="渡头台账")
    photo = _take_in(world, cast.secretary, record.pk, 1)
    foreign = _take_in(world, cast.outsider, other.pk, 2)
    told = {"id": str(WAITING), "unit": "SQ0101", "kind": "rally", "happened_on": str(today), "note": "暗号待补"}
    why = {"why": "record.original-missing", "arrived_at": world.now}
    HeldRecord.objects.create(
        id=WAITING, original_id=UUID(int=77), unit=cast.village, author=cast.secretary, told=told, **why
    )
    ids = {"record": record.pk, "site": site.pk, "evidence": photo.pk, "sha256": photo.sha256}
    return ids | {"foreign_record": other.pk, "foreign_evidence": foreign.pk}


def _take_in(world: World, actor: User, record: UUID, seed: int) -> Evidence:
    content = save_jpeg(draw_scene(seed, (300, 200)))
    progress, problems = take_in_file(
        actor=actor, record_id=record, name=f"暗号照片{seed}.jpg", content=content, now=world.now
    )
    assert progress.complete, problems
    return Evidence.objects.get(record_id=record)


def _make_papers(world: World) -> dict[str, object]:
    """A letter of the town to its village, issued, and another one that is a draft."""
    cast, now, today = world.cast, world.now, world.today
    days = {"as_of": today, "known_by": today, "counted_at": now}
    said = {"addressee": "柳湾村", "signed_by": "青石镇", "asks": []}
    asked = {"plan": world.ids["issued"]}

    def shape(title: str) -> dict[str, Any]:
        content = write_paper(Paper("letter", title, ()))
        plain = {"form": "letter", "unit": cast.town, "addressee": cast.village, "title": title}
        return plain | days | {"said": said | {"title": title}, "content": content, "asked": asked}

    acts = {"changed_by": cast.town_officer, "changed_at": now, "created_by": cast.town_officer, "created_at": now}
    draft = DraftPaper.objects.create(**shape("暗号拟稿"), **acts)
    number = {"draft": UUID(int=1), "year": today.year, "serial": 1, "number": "〔2026〕1号"}
    made = {
        "docx": "暗号公文正文".encode(),
        "docx_sha256": "0" * 64,
        "pdf": "暗号公文正文".encode(),
        "pdf_sha256": "0" * 64,
    }
    acted = {"issued_by": cast.town_officer, "issued_at": now}
    IssuedPaper.objects.create(pk=NUMBER, **shape("暗号提示函"), **number, **made, **acted)
    return {"paper_draft": draft.pk, "paper": NUMBER}


def _make_measure(world: World) -> dict[str, object]:
    """The measure that the letter gave."""
    cast, today = world.cast, world.today
    days = {f"{name}_by": today + timedelta(days=9) for name in ("answer", "mend", "appeal")}
    days |= {"as_of": today, "known_by": today, "given_on": today}
    step: dict[str, Any] = {"look_back_days": 90, "step": "remind", "step_title": "提示", "post": "officer"}
    facts = {"about": [{"duty": "rally", "windows": ["2026-01"]}], "facts": [], "step_title_en": "Reminder"}
    units = {"unit": cast.village, "office": cast.town, "version_id": world.ids["issued"]}
    paper = IssuedPaper.objects.get(pk=NUMBER)
    Measure.objects.create(pk=NUMBER, paper=paper, given_by=cast.town_officer, **units, **step, **facts, **days)
    return {"measure": NUMBER}


def _make_briefing(world: World) -> dict[str, object]:
    """A briefing of the town with one picture and a public copy."""
    cast, now, today = world.cast, world.now, world.today
    sha256 = str(world.ids["sha256"])
    content = write_paper(Paper("briefing", "暗号简报", (Picture(sha256, "现场"),)))
    days = {"as_of": today, "known_by": today, "counted_at": now}
    shown = {"form": "briefing", "unit": cast.town, "addressee": cast.town, "title": "暗号简报", "content": content}
    number = {"draft": UUID(int=2), "year": today.year, "serial": 1, "number": "第1期"}
    made = {"docx": "暗号简报正文".encode(), "docx_sha256": "0" * 64}
    acts = {"issued_by": cast.town_officer, "issued_at": now}
    paper = IssuedPaper.objects.create(pk=OTHER, **shown, **days, **number, **made, **acts)
    PictureLook.objects.create(
        paper=paper,
        sha256=sha256,
        boxes=[],
        no_faces=True,
        looked_by=cast.town_officer,
        post="青石镇 · 专干",
        looked_at=now,
    )
    PublicCopy.objects.create(
        paper=paper,
        version=1,
        content={"number": "第1期", "title": "暗号公开稿"},
        left_out={},
        docx="暗号公开稿正文".encode(),
        docx_sha256="1" * 64,
        issued_by=cast.town_officer,
        post="青石镇 · 专干",
        issued_at=now,
    )
    return {"briefing": OTHER}


def _make_cards(world: World) -> dict[str, object]:
    """A scorecard of the town that holds, and another one that is a draft."""
    cast, now = world.cast, world.now
    plan = PlanVersion.objects.get(pk=world.ids["issued"])
    item = {"code": "rallies", "block": "work", "title": "集中宣传", "title_en": "Rallies", "points": 8}
    item["duties"] = {"id": ["rally"]}
    told = {"code": "told", "block": "work", "title": "知晓率", "title_en": "Known", "points": 2}
    told["waits_for"] = "测验"
    year = world.today.year
    content: dict[str, Any] = {"title": "暗号评分表", "from": f"{year}-01-01", "to": f"{year}-12-31", "points": 10}
    content |= {"items": [item, told]}
    content |= {"blocks": {"work": ["工作", "Work"]}, "appeal_days": 10, "hear_days": 5}
    place = {"unit": cast.town, "plan": plan}
    acts = {"changed_by": cast.town_officer, "changed_at": now, "created_by": cast.town_officer, "created_at": now}
    draft = DraftScorecard.objects.create(content=content, **place, **acts)
    text, card, problems = read_draft(draft)
    assert card is not None, problems
    days = {"opens_on": card.period.opens, "last_on": card.period.last_day, "adopted_on": card.period.opens}
    rules = {"version": 1, "title": "青石镇评分表", "text": text, "digest": card.digest, "draft": UUID(int=2)}
    by = {"adopted_by": cast.town_officer, "adopted_as": "青石镇 · 专干", "adopted_at": now}
    Scorecard.objects.create(pk=NUMBER, **place, **days, **rules, **by)
    return {"card": NUMBER, "score_draft": draft.pk}


def _make_title(world: World) -> dict[str, object]:
    """A title of the town, for which its village has applied."""
    cast, now, day = world.cast, world.now, world.today
    acts = {"created_by": cast.town_officer, "created_at": now}
    program = TitleProgram.objects.create(pk=NUMBER, unit=cast.town, name="青石镇无诈村", kinds=["village"], **acts)
    _, text = write_criteria(day.year, "青石镇")
    criteria = {"text": text, "title": "青石镇创建标准", "months": 3, "since": day}
    TitleCriteria.objects.create(program=program, **criteria, made_by=cast.town_officer, made_at=now)
    by = {"by": cast.secretary, "post_unit": cast.village, "role": "secretary", "made_at": now}
    TitleStep.objects.create(program=program, unit=cast.village, place=0, kind="applied", on=day, **by)
    return {"title": NUMBER}


def _make_table(world: World) -> dict[str, object]:
    """A monthly table that the town collects."""
    cast, now, day = world.cast, world.now, world.today
    asked = {"unit": cast.town, "version_id": world.ids["issued"], "month": f"{day:%Y-%m}", "due_on": day}
    TableCall.objects.create(pk=NUMBER, **asked, given_as="青石镇", opened_by=cast.town_officer, opened_at=now)
    return {"call": NUMBER}


def _make_inspections(world: World) -> dict[str, object]:
    """A round of the town that is going on, with a visit at its village and a finding there; and one that is over."""
    cast, now, today = world.cast, world.now, world.today
    asked = {"units_asked": 1, "items_asked": 1, "records_asked": 0, "items": [], "candidates": ["SQ0101"]}
    acts = {"created_by": cast.town_officer, "post": "officer", "created_at": now}
    how = {"method": "sealed", "sealed": "1", "digest": "2", "kinds": ["village"], "quarter": "2026-Q4"}
    place = {"unit": cast.town, "area": cast.town}
    days = {"opens_on": today, "last_on": today}
    row = InspectionRound.objects.create(pk=NUMBER, title="暗号检查", **place, **days, **asked, **acts, **how)
    gone = {"opens_on": today - timedelta(days=9), "last_on": today - timedelta(days=1)}
    past = InspectionRound.objects.create(pk=OTHER, title="青石镇上轮检查", **place, **gone, **asked, **acts, **how)
    InspectionDraw.objects.create(
        round=past, seed="1", spared=[], drawn_by=cast.town_officer, post="officer", drawn_at=now
    )
    plain = {"unit": cast.village, "place": 1, "quarter": "2026-Q4", "turn": 1, "items": [], "records": []}
    visit = InspectionVisit.objects.create(pk=NUMBER, round=row, **plain)
    seen = enter(cast.town_officer, cast.village, today, "rally", note="暗号走访")
    photo = _take_in(world, cast.town_officer, seen.pk, 3)
    made = {"made_on": today, "answers": [], "inspector": cast.town_officer, "post": "officer", "made_at": now}
    InspectionReport.objects.create(visit=visit, record=seen, **made)
    said = {"number": "查1", "item": "sites", "title": "阵地", "words": "暗号宣传栏", "found_on": today}
    told = said | {"mend_by": today + timedelta(days=9), "photo": photo.pk}
    InspectionFinding.objects.create(pk=NUMBER, visit=visit, unit=cast.village, **told)
    return {"round": NUMBER, "past_round": OTHER, "seen_visit": NUMBER, "finding": NUMBER}


def _make_small_things(world: World) -> dict[str, object]:
    """A waiver, a day of the county's own, a kind of its own, a road, a change to come, files between two pages."""
    cast, now, today = world.cast, world.now, world.today
    soon = today + timedelta(days=30)
    DutyWaiver.objects.create(
        pk=NUMBER,
        version_id=world.ids["issued"],
        duty="rally",
        unit=cast.village,
        opens_on=today,
        last_on=soon,
        reason="暗号免除",
        given_as="青石镇",
        author=cast.town_officer,
        created_at=now,
    )
    said = {"author": cast.officer, "created_at": now}
    CalendarDay.objects.create(pk=NUMBER, unit=cast.county, day=soon, says="off", reason="县庆", **said)
    shape = {"title": "本县集市宣传", "shape": "event", "asks": ["quantity"], "counts": ["quantity"], "minutes": 30}
    OwnKind.objects.create(unit=cast.county, code="own_fair", **shape, valid_from=today, reason="本县有集市", **said)
    line = [[113.1, 34.7], [113.11, 34.71]]
    Road.objects.create(pk=NUMBER, unit=cast.village, name="暗号路", line=line, length_m=1500)
    ComingChange.objects.create(
        pk=NUMBER,
        unit=cast.village,
        kind="renamed",
        happens_on=soon,
        details={"name": "暗号新村"},
        reason="暗号更名",
        made_by=cast.officer,
        made_at=now,
    )
    for person in (cast.officer, cast.town_officer, cast.deputy):
        GroundUpload.objects.create(
            uploaded_by=person, unit=cast.village, name="路.geojson", content=b"{}", uploaded_at=now, opens_on=today
        )
    job = Job.objects.create(
        kind="export",
        key="a",
        title="暗号任务",
        asked_by=User.objects.get(username="colleague"),
        asked_at=now,
        due_at=now,
        state="done",
        attempts=1,
        finished_at=now,
        answer={"name": 'attachment; filename="a.csv"', "media_type": "text/csv", "size": 12, "posts": []},
    )
    JobPiece.objects.create(job=job, attempt=1, number=0, content="暗号任务".encode())
    told = {"action": "unit.renamed", "actor": cast.town_officer, "object_type": "unit", "object_id": str(cast.town.pk)}
    AuditEntry.objects.create(pk=NUMBER, at=now, details={"name": "暗号记录"}, **told)
    place_entries(now=now)
    for person in (cast.officer, cast.administrator):
        hold_roster(actor=person, name="花名册.xlsx", content=write_roster_template(), now=now)
    gone = User.objects.create(username="gone", display_name="", password=FAST, is_active=False)
    plain = {"reason": "暗号缘由", "made_by": cast.officer, "made_at": now}
    hold = LegalHold.objects.create(unit=cast.village, **plain)
    departure = Departure.objects.create(user=gone, number=NUMBER, certificate="暗号凭证", **plain)
    numbered: dict[str, object] = dict.fromkeys(("waiver", "day", "road", "coming", "entry"), NUMBER)
    return numbered | {"kind": "own_fair", "job": job.pk, "hold": hold.pk, "departure": departure.number}
