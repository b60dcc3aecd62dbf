"""Random trees of units, people with random posts, and one thing of every sort at random units, in the database.

What is drawn says of itself who holds what (:meth:`Scene.make_person`), in the words of ``access_model`` and without
asking the site.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from hypothesis import strategies as st

from tests.web.access_model import ADMINISTRATOR, OFFICER, PAGES, ROLES, Held, Land, Person, Place
from tests.web.cast import FAST
from wuzha.core.base.unit import EARLIEST, LATEST
from wuzha.core.paper.model import Paper
from wuzha.core.paper.wire import write_paper
from wuzha.web.accounts.access import digest_token
from wuzha.web.accounts.models import ApiToken, AuditEntry, Placement, Post, Sight, Unit, User
from wuzha.web.audit.places import place_entries
from wuzha.web.campaign.models import (
    DraftDuty,
    DraftPaper,
    DraftScorecard,
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
from wuzha.web.campaign.queries.totals import forget_counts

# One begins as another does, and signs that sort before and after "/" follow it.
CODES = ("SQ", "SQ1", "SQ10", "SQ-", "SQ0", "SQ1.2", "B", "SQB", "sq1", "Z")
KINDS = ("town", "village", "school", "school", "station", "department")
BOUND = ("school", "station", "village")
# One line more often than others, so that there are several units of it.
LINES = ("", "", "education", "education", "police")
# Forms of which each is open to others: to whom it was sent, to all in an area, without names, to its office alone.
FORMS = ("letter", "circular", "notice", "score-table", "briefing", "certificate", "plan")
NAMES = ("p0", "p1", "p2", "p3")
KEY = "a-key-of-post-{}"
# From which day, counted from today, and up to which. The last days and the first ones are where one errs.
DAYS = ((-30, 30), (-30, 30), (-30, 30), (-30, 30), (-30, 0), (0, 30), (1, 30), (0, 1), (-30, 1))
PLAN = """
title: 方案
issuer: 发文单位
valid: {{from: {year}-01-01, to: {year}-12-31}}
duties:
  - id: rally
    clause: 一
    quote: 每月办一场
    who: {{kind: [{kind}]}}
    do: rally
    at_least: 1
    every: month
"""


@dataclass(frozen=True, slots=True)
class Spot:
    """A unit as drawn: its place, its days, and over which unit it stood until ten days ago, if it moved."""

    place: Place
    days: tuple[int, int]
    moved_from: str

    @property
    def is_there(self) -> bool:
        return self.days[0] <= 0 < self.days[1]


@dataclass(frozen=True, slots=True)
class Given:
    """A post as drawn, its days counted from today. ``stands_for`` is the place of the post that it deputes, or -1."""

    name: str
    unit: str
    role: str
    line: str
    days: tuple[int, int]
    stands_for: int

    def is_in_force(self, posts: "tuple[Given, ...]") -> bool:
        """Whoever stands in for a post does so only while that one is in force."""
        own = self.days[0] <= 0 < self.days[1]
        return own and (self.stands_for < 0 or posts[self.stands_for].is_in_force(posts))

    def to_held(self) -> Held:
        return Held(self.unit, self.role, self.line, stands_in=self.stands_for >= 0)


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that belongs to one unit and may be about another (or none): ``name`` is who made it, ``is_on`` its
    state, ``form`` what it is as a paper, ``binds`` which kind of unit as a plan, ``age`` its days."""

    unit: str
    about: str
    name: str
    is_on: bool
    is_told: bool
    form: str
    binds: str
    age: int

    @property
    def where(self) -> str:
        """Which unit it concerns."""
        return self.about or self.unit


@dataclass(frozen=True, slots=True)
class Scene:
    """``chosen`` is as which of their posts people act, by their names; ``page`` what sort of page they are at; the
    account of the ``closed`` one is closed."""

    spots: tuple[Spot, ...]
    posts: tuple[Given, ...]
    things: tuple[Thing, ...]
    chosen: Mapping[str, int]
    page: str
    closed: str = ""

    @property
    def land(self) -> Land:
        return Land({spot.place.code: spot.place for spot in self.spots})

    def list_held(self, name: str) -> list[int]:
        """The places of the posts that the person holds today."""
        return [at for at, post in enumerate(self.posts) if post.name == name and post.is_in_force(self.posts)]

    def make_person(self, name: str) -> Person:
        """As who they act: with their posts in force, or with the one that they chose."""
        held = [at for at in self.list_held(name) if self.chosen.get(name, at) == at]
        return Person(name, tuple(self.posts[at].to_held() for at in held), self.land)

    def find_units(self, may: Callable[[str], bool]) -> set[str]:
        return {spot.place.code for spot in self.spots if may(spot.place.code)}


# --- what is drawn ----------------------------------------------------------------------------------------------------


@st.composite
def draw_spots(draw: st.DrawFn) -> tuple[Spot, ...]:
    codes = draw(st.permutations(CODES))[: draw(st.integers(6, len(CODES)))]
    found: list[Spot] = []
    for number, code in enumerate(codes):
        # The later a unit the deeper, as a rule, so that there are several levels.
        above = codes[max(0, number - draw(st.integers(1, 4)))] if number else ""
        kind = draw(st.sampled_from(KINDS)) if number else "county"
        line = draw(st.sampled_from(LINES)) if number else ""
        moved = draw(st.sampled_from(["", "", *codes[:number]])) if number else ""
        days = draw(st.sampled_from(((-900, 900), (-900, 900), (-900, 900), (-900, 0), (-900, 1), (0, 9), (1, 9))))
        found.append(Spot(Place(code, above, kind, line), days, moved if moved != above else ""))
    return tuple(found)


@st.composite
def draw_posts(draw: st.DrawFn, codes: list[str]) -> tuple[Given, ...]:
    found: list[Given] = []
    for number in range(draw(st.integers(6, 12))):
        name, days = NAMES[number % len(NAMES)], draw(st.sampled_from(DAYS))
        own = [at for at, post in enumerate(found) if post.name != name and post.stands_for < 0]
        at = draw(st.sampled_from([-1, -1, *own]))
        role, line = (
            draw(st.sampled_from((OFFICER, OFFICER, ADMINISTRATOR, *ROLES))),
            draw(st.sampled_from(("", *LINES))),
        )
        given = Given(name, draw(st.sampled_from(codes)), role, line, days, -1)
        if at >= 0:
            given = Given(name, found[at].unit, found[at].role, found[at].line, days, at)
        if all(_identify(one) != _identify(given) for one in found):
            found.append(given)
    return tuple(found)


def _identify(post: Given) -> tuple[Any, ...]:
    return (post.name, post.stands_for) if post.stands_for >= 0 else (post.name, post.unit, post.role, post.line)


@st.composite
def draw_scenes(draw: st.DrawFn) -> Scene:
    spots = draw(draw_spots())
    codes = [spot.place.code for spot in spots]
    units, flag = st.sampled_from(codes), st.booleans()
    about = st.sampled_from(["", *codes])
    thing = st.builds(
        Thing, units, about, st.sampled_from(NAMES), flag, flag, st.sampled_from(FORMS), st.sampled_from(BOUND),
        st.sampled_from((0, 0, 1, 20, 40)),
    )  # fmt: skip
    things = tuple(draw(st.lists(thing, min_size=5, max_size=8)))
    page = draw(st.sampled_from(("people", "people", *PAGES)))
    scene = Scene(spots, draw(draw_posts(codes)), things, {}, page)
    held = {name: scene.list_held(name) for name in NAMES}
    chosen = {name: draw(st.sampled_from(own)) for name, own in held.items() if len(own) > 1 and draw(flag)}
    return replace(scene, chosen=chosen, closed=draw(st.sampled_from(("", *NAMES))))


# --- the same in the database -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Made:
    scene: Scene
    today: date
    units: Mapping[str, Unit]
    users: Mapping[str, User]
    posts: list[Post] = field(default_factory=list)

    def act(self, name: str, *, is_found: bool) -> User:
        """The person as a page of the scene's sort has them: with ``is_found`` the middleware has found their posts."""
        user, page = User.objects.get(username=name), self.scene.page
        chosen = self.scene.chosen.get(name)
        post = None if chosen is None else self.posts[chosen].pk
        user.sight = Sight(post, None if page == "people" else PAGES[page])
        if is_found:
            held = [self.posts[at].pk for at in self.scene.list_held(name)]
            rows = Post.objects.filter(pk__in=held).select_related("unit", "deputy_of__user")
            user.posts_held, user.posts_on = list(rows.order_by("unit__path", "role", "pk")), self.today
        return user


def make(scene: Scene, today: date) -> Made:
    """The units, with what was before, the people and their posts, and a key for every post."""
    units = _make_units(scene, today)
    users = [_make_user(name, is_active=name != scene.closed) for name in NAMES]
    made = Made(scene, today, units, {user.username: user for user in User.objects.bulk_create(users)})
    for given in scene.posts:
        opens, closes = (today + timedelta(days=day) for day in given.days)
        told = {"role": given.role, "line": given.line, "opens_on": opens, "closes_on": closes}
        stands_for = made.posts[given.stands_for] if given.stands_for >= 0 else None
        place = {"user": made.users[given.name], "unit": units[given.unit]}
        made.posts.append(Post.objects.create(**place, **told, deputy_of=stands_for))
    ApiToken.objects.bulk_create(_make_key(made, number, post) for number, post in enumerate(made.posts))
    return made


def _make_user(name: str, *, is_active: bool) -> User:
    return User(username=name, display_name=f"人员{name}", password=FAST, is_active=is_active)


def _make_units(scene: Scene, today: date) -> dict[str, Unit]:
    units: dict[str, Unit] = {}
    for number, spot in enumerate(scene.spots):
        place, parent = spot.place, units.get(spot.place.above)
        opens, closes = (today + timedelta(days=day) for day in spot.days)
        plain = {"code": place.code, "name": f"单位{number}号", "kind": place.kind, "line": place.line}
        path = f"{parent.path if parent else ''}{place.code}/"
        days = {"opens_on": opens if spot.days[0] > -900 else EARLIEST}
        days |= {"closes_on": closes if spot.days[1] < 900 else LATEST}
        units[place.code] = Unit.objects.create(**plain, **days, parent=parent, path=path)
    Placement.objects.bulk_create(
        one for spot in scene.spots if spot.moved_from for one in _tell_move(spot, units, today)
    )
    return units


def _tell_move(spot: Spot, units: Mapping[str, Unit], today: date) -> Iterator[Placement]:
    """Until ten days ago it stood elsewhere: that opens nothing to those who looked after it then."""
    unit = units[spot.place.code]
    plain = {"unit": unit, "name": unit.name, "kind": unit.kind, "line": unit.line}
    yield Placement(**plain, since=date(2000, 1, 1), parent=units[spot.moved_from])
    yield Placement(**plain, since=today - timedelta(days=10), parent=unit.parent)


# A key ends, too: as days from today, by the number of its post.
KEY_DAYS = ((-5, 5), (-5, 0), (0, 1), (1, 5), (-5, 5))


def find_key_days(number: int) -> tuple[int, int]:
    return KEY_DAYS[number % len(KEY_DAYS)]


def _make_key(made: Made, number: int, post: Post) -> ApiToken:
    opens, closes = (made.today + timedelta(days=day) for day in find_key_days(number))
    by = {"made_by": post.user, "made_at": timezone.now(), "name": "钥匙"}
    return ApiToken(post=post, digest=digest_token(KEY.format(number)), opens_on=opens, closes_on=closes, **by)


@dataclass(frozen=True, slots=True)
class Piece:
    """A thing with what it needs in the database; its number tells it in every sort."""

    number: int
    thing: Thing
    made: Made

    @property
    def pk(self) -> UUID:
        return UUID(int=self.number)

    @property
    def unit(self) -> Unit:
        return self.made.units[self.thing.unit]

    @property
    def about(self) -> Unit | None:
        return self.made.units.get(self.thing.about)

    @property
    def where(self) -> Unit:
        return self.made.units[self.thing.where]

    @property
    def user(self) -> User:
        return self.made.users[self.thing.name]

    @property
    def acts(self) -> dict[str, Any]:
        return {"created_by": self.user, "created_at": timezone.now()}

    @property
    def changes(self) -> dict[str, Any]:
        return self.acts | {"changed_by": self.user, "changed_at": timezone.now()}


def fill(made: Made) -> None:
    """Every thing once in every sort."""
    pieces = [Piece(number, thing, made) for number, thing in enumerate(made.scene.things, 1)]
    fill_records(pieces)
    fill_plans(pieces)
    fill_papers(pieces)
    fill_inspections(pieces)
    fill_log(pieces)


EARLY = 500
"""From here on the files that came before their record."""
MISSING = 0x900
"""From here on the records that a held correction waits for."""
LOG = 70_000
"""From here on the entries of the log, far from what the database counts by itself."""


def fill_records(pieces: list[Piece]) -> None:
    """A record with a file that somebody sent on some day, a file that waits for its record, a held correction."""
    now, today = timezone.now(), pieces[0].made.today
    told = {"kind": "rally", "happened_on": today, "quantity": 1, "recorded_at": now, "received_at": now}
    file = {"sha256": "0" * 64, "size": 1, "sent_sha256": "0" * 64, "sent_size": 1, "media_type": "image/jpeg"}
    records, files, held = [], [], []
    for one in pieces:
        record = Record(id=one.pk, unit=one.unit, author=one.user, note=f"台账{one.number}号", **told)
        arrived = now - timedelta(days=one.thing.age)
        plain = file | {"name": f"照片{one.number}号.jpg", "uploaded_by": one.user}
        files.append(Evidence(id=one.pk, record_id=one.pk, received_at=arrived, **plain))
        files.append(Evidence(id=UUID(int=EARLY + one.number), record_id=UUID(int=900), received_at=now, **plain))
        waits = {"kind": "rally", "happened_on": f"{today}"}
        why: dict[str, Any] = {"told": waits, "why": "record.original-missing", "arrived_at": now}
        done = now if one.thing.is_told else None
        why |= {"original_id": UUID(int=MISSING + one.number), "applied_at": done}
        held.append(HeldRecord(id=one.pk, unit=one.unit, author=one.user, **why))
        records.append(record)
    Record.objects.bulk_create(records)
    Evidence.objects.bulk_create(files)
    HeldRecord.objects.bulk_create(held)


def fill_plans(pieces: list[Piece]) -> None:
    """A plan with a duty, cards, a title and a table of the unit."""
    for one in pieces:
        number, now, day = one.number, timezone.now(), one.made.today
        text = PLAN.format(kind=one.thing.binds, year=day.year)
        issued = {"state": "issued", "text": text, "issued_by": one.user, "issued_at": now} if one.thing.is_on else {}
        plan = PlanVersion.objects.create(pk=number, title=f"方案{number}号", unit=one.unit, **one.acts, **issued)
        DraftDuty.objects.create(pk=number, version=plan, position=1, duty={"id": "rally", "do": "rally"})
        DraftScorecard.objects.create(id=one.pk, plan=plan, content={}, unit=one.unit, **one.changes)
        own_day = date(2000 + number, 1, 1)  # no two cards of a unit hold on one day
        days = {"opens_on": own_day, "last_on": own_day, "adopted_on": own_day}
        rules = {"version": number, "title": f"评分表{number}号", "text": "x", "digest": "x", "draft": one.pk}
        by = {"adopted_by": one.user, "adopted_as": "x", "adopted_at": now}
        Scorecard.objects.create(pk=number, plan=plan, unit=one.unit, **days, **rules, **by)
        TitleProgram.objects.create(pk=number, name=f"称号{number}号", kinds=["village"], unit=one.unit, **one.acts)
        asked = {"month": f"{2000 + number}-01", "due_on": day, "given_as": "x", "opened_by": one.user}
        TableCall.objects.create(pk=number, version=plan, unit=one.unit, **asked, opened_at=now)


def fill_papers(pieces: list[Piece]) -> None:
    """A paper and a draft of the unit to the other one, or to nobody, and the measure that it gives."""
    serials: Counter[tuple[str, str]] = Counter()
    for one in pieces:
        number, now, day = one.number, timezone.now(), one.made.today
        serials[one.thing.unit, one.thing.form] += 1
        days: dict[str, Any] = {"as_of": day, "known_by": day}
        title = f"公文{number}号"
        said = {"title": title, "addressee": "x", "signed_by": "x", "asks": []}
        content = write_paper(Paper("letter", title, ()))
        plain = {"unit": one.unit, "addressee": one.about, "title": title, "said": said, "content": content}
        paper: dict[str, Any] = {"form": one.thing.form, **plain, **days, "counted_at": now}
        made = {"year": 2026, "serial": serials[one.thing.unit, one.thing.form], "number": f"〔2026〕{number}号"}
        made |= {"docx": b"PK", "docx_sha256": "0" * 64, "draft": one.pk}
        issued = IssuedPaper.objects.create(pk=number, **paper, **made, issued_by=one.user, issued_at=now)
        asked = {"measure": 1} if one.thing.is_on else {}
        DraftPaper.objects.create(id=one.pk, **paper, **one.changes, asked=asked)
        step: dict[str, Any] = {"step": "remind", "step_title": "提示", "step_title_en": "x", "post": "officer"}
        step |= {"about": [], "facts": [], "look_back_days": 9, "given_on": day}
        step |= {f"{name}_by": day + timedelta(days=9) for name in ("answer", "mend", "appeal")}
        units = {"unit": one.where, "office": one.unit, "version_id": number, "given_by": one.user}
        Measure.objects.create(pk=number, paper=issued, **units, **step, **days)


def fill_inspections(pieces: list[Piece]) -> None:
    """A round of the unit to the other one, going on or over, with its visit, made or not, and a finding."""
    for one in pieces:
        number, today, now = one.number, one.made.today, timezone.now()
        last = today if one.thing.is_on else today - timedelta(days=1)
        quarter = f"{2000 + number}-Q1"
        asked: dict[str, Any] = {"units_asked": 1, "items_asked": 1, "records_asked": 0}
        asked |= {"items": [], "candidates": [], "kinds": [], "quarter": quarter, "post": "officer"}
        asked |= {"method": "sealed", "sealed": "1", "digest": "2", "title": f"检查{number}号"}
        span = {"opens_on": today - timedelta(days=9), "last_on": last}
        row = InspectionRound.objects.create(pk=number, unit=one.unit, area=one.where, **asked, **span, **one.acts)
        drawn = {"place": 1, "quarter": quarter, "turn": 1, "items": [], "records": []}
        visit = InspectionVisit.objects.create(pk=number, round=row, unit=one.where, **drawn)
        if one.thing.is_told:
            seen = {"made_on": today, "answers": [], "inspector": one.user, "post": "officer", "made_at": now}
            InspectionReport.objects.create(visit=visit, record_id=one.pk, **seen)
        said = {"number": str(number), "item": "x", "title": "x", "words": "x", "found_on": today}
        mend_by = today + timedelta(days=9)
        InspectionFinding.objects.create(pk=number, visit=visit, unit=one.where, **said, mend_by=mend_by)


def fill_log(pieces: list[Piece]) -> None:
    """An entry about the unit, done by nobody who is known."""
    now = timezone.now()
    AuditEntry.objects.bulk_create(
        AuditEntry(
            pk=LOG + one.number, at=now - timedelta(days=one.thing.age), action="unit.renamed", object_type="unit",
            object_id=str(one.unit.pk), details={"name": f"日志{one.number}号"},
            actor=one.user if one.thing.is_told else None,
        )
        for one in pieces
    )  # fmt: skip
    place_entries(now=now)


@contextmanager
def build(scene: Scene) -> Iterator[Made]:
    """The scene in the database, for as long as it is looked at."""
    forget_counts()
    with transaction.atomic():
        made = make(scene, timezone.localdate())
        fill(made)
        yield made
        transaction.set_rollback(True)
    forget_counts()
