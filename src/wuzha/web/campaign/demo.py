"""Loads the sample county into an empty database: units, posts, plans and the ledger, all or nothing."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from django.contrib.auth.hashers import make_password
from django.db import DEFAULT_DB_ALIAS, connections, transaction

from wuzha.adapters.documents import read_document
from wuzha.adapters.sample.book import end_of_work
from wuzha.adapters.sample.county import (
    MERGED,
    MERGING,
    MERGING_INTO,
    MOVED,
    RECEIVING,
    ROOT,
    Story,
    find_story_year,
    make_tree,
)
from wuzha.adapters.sample.ground import SampleGround, make_ground
from wuzha.adapters.sample.ledger import COUNT, make_records
from wuzha.adapters.sample.people import LOG_INS, PASSWORD, RECORDERS, SCHOOL, TOWN, Person
from wuzha.adapters.sample.plan import ISSUER, TITLE, plan_docx, plan_text
from wuzha.adapters.sample.titles import CRITERIA_TITLE, SampleStep, criteria_text, list_title_steps
from wuzha.adapters.sample.titles import KINDS as TITLE_KINDS
from wuzha.adapters.sample.titles import NAME as TITLE_NAME
from wuzha.adapters.sample.town_plan import TITLE as TOWN_TITLE
from wuzha.adapters.sample.town_plan import town_plan_docx
from wuzha.adapters.sample.village import LISTED_VILLAGES, list_households
from wuzha.core.base.unit import Tree
from wuzha.core.base.unit import Unit as CoreUnit
from wuzha.core.ledger.record import Record as CoreRecord
from wuzha.core.paper.month_line import Deed
from wuzha.core.plan.read import read_plan
from wuzha.core.plan.reading import reading_to_json
from wuzha.web.accounts.models import (
    Attribute,
    AuditEntry,
    ComingChange,
    Placement,
    Post,
    Unit,
    UnitChange,
    User,
)
from wuzha.web.campaign.actions.plans import upload_plan
from wuzha.web.campaign.actions.roads import make_outline, make_road
from wuzha.web.campaign.demo_briefings import load_sample_briefings
from wuzha.web.campaign.demo_inspections import write_inspections
from wuzha.web.campaign.demo_measures import load_sample_measures
from wuzha.web.campaign.demo_papers import write_papers
from wuzha.web.campaign.demo_scores import load_sample_scores
from wuzha.web.campaign.models import (
    Document,
    Outline,
    PlanVersion,
    Record,
    Road,
    SitePlace,
    SubjectList,
    TableAct,
    TableCall,
    TitleCriteria,
    TitleProgram,
    TitleStep,
)

BATCH = 4_000
# Villages whose lines the town has handed in.
SUBMITTING = ("SQ0303", "SQ0304", "SQ0305", "SQ0306")
Progress = Callable[[int, int], None]


def load_sample_county(*, today: date, now: datetime, progress: Progress, count: int = COUNT) -> None:
    """Fills an empty database with the county 石桥县 and ``count`` records; one that has units is left as it is.

    One transaction: a process that is killed leaves nothing behind. ``progress`` is told records written and wanted.
    """
    with transaction.atomic():
        if Unit.objects.exists():
            return
        tree = make_tree(find_story_year(today))
        progress(0, count)
        units = _write_units(tree)
        users = _write_users(units)
        _write_changes(tree, units, users["officer"], today)
        for year in list_plan_years(today):
            _write_plan(year, units[ROOT], users["officer"], now)
        records = make_records(today=today, now=now, count=count)
        _write_records(records, units, users, progress)
        _write_ground(make_ground(tree), records, units, Story(find_story_year(today)).base_on)
        _write_rounds(tree, units, users["officer"], now)
        _write_draft(today, now, units[TOWN], users["town"])
        load_sample_scores(units, users, today, now)
        _write_titles(today, units, users)
        write_inspections(units, users, today, now)
        _write_table(units, users, today)
        load_sample_measures(units, users, today)
        write_papers(units[ROOT], users["officer"], today, now)
        load_sample_briefings(units, users, today, now)
        AuditEntry.objects.create(
            action="demo.load",
            actor=users["officer"],
            object_type="unit",
            object_id=ROOT,
            at=now,
            details={"units": len(units), "records": count, "as_of": today.isoformat()},
        )


def _write_table(units: Mapping[str, Unit], users: Mapping[str, User], today: date) -> None:
    """Last month's table of the county, under collection: a few lines handed in, one given back."""
    version = PlanVersion.objects.filter(unit=units[ROOT], state=PlanVersion.State.ISSUED).latest("valid_from")
    last = today.replace(day=1) - timedelta(days=1)
    if version.valid_from is None or last < version.valid_from:
        return
    opened = end_of_work(last.replace(day=2))
    call = TableCall.objects.create(
        unit=units[ROOT],
        version=version,
        month=f"{last:%Y-%m}",
        due_on=last,
        given_as=units[ROOT].name,
        opened_by=users["officer"],
        opened_at=opened,
    )
    submitted = {"deed": Deed.SUBMITTED, "given_as": units[TOWN].name, "author": users["town"]}
    for number, code in enumerate(SUBMITTING):
        words = {"highlights": f"赶集日摆台讲解，现场答疑{12 + number}人次"} if number % 2 else {}
        at = end_of_work(last - timedelta(days=2 - number % 3))
        TableAct.objects.create(call=call, unit=units[code], typed=words, at=at, on=at.date(), **submitted)
    words, at = {"online_reach": "2600", "problems": "外出务工的村民不好找"}, end_of_work(last - timedelta(days=1))
    told = {"call": call, "unit": units[SCHOOL], "typed": words, "at": at, "on": at.date()}
    TableAct.objects.create(**told, deed=Deed.SUBMITTED, given_as=units[SCHOOL].name, author=users["school"])
    back = {"given_as": units[TOWN].name, "author": users["town"], "reason": "线上触达请按平台的阅读数填"}
    TableAct.objects.create(**told, deed=Deed.RETURNED, **back)


def list_plan_years(today: date) -> tuple[int, ...]:
    """This year's plan; until the end of February last year's too, since the young one has little to show."""
    return (today.year - 1, today.year) if today.month <= 2 else (today.year,)


def _write_units(tree: Tree) -> dict[str, Unit]:
    """Level by level, since a unit needs its parent's row. Gives the rows by code."""
    rows: dict[str, Unit] = {}
    level: Sequence[CoreUnit] = tree.list_children("")
    while level:
        made = Unit.objects.bulk_create([_make_unit(unit, rows.get(unit.parent)) for unit in level])
        rows.update({row.code: row for row in made})
        level = [child for unit in level for child in tree.list_children(unit.code)]
    Attribute.objects.bulk_create(_make_attributes(tree, rows))
    return rows


def _make_unit(unit: CoreUnit, parent: Unit | None) -> Unit:
    return Unit(
        code=unit.code,
        name=unit.name,
        kind=unit.kind,
        line=unit.line,
        parent=parent,
        path=f"{parent.path if parent else ''}{unit.code}/",
        opens_on=unit.opens_on,
        closes_on=unit.closes_on,
    )


def _write_changes(tree: Tree, units: Mapping[str, Unit], officer: User, today: date) -> None:
    """What happened to the units, and what is known to come, each with who entered it, why, and on what paper."""
    story = Story(find_story_year(today))
    Placement.objects.bulk_create(
        Placement(
            unit=units[unit.code],
            since=one.since,
            name=one.name,
            kind=one.kind,
            line=one.line,
            parent=units[one.parent] if one.parent else None,
        )
        for unit in tree.units
        for one in unit.placements
    )
    _tell_change(units[MERGED], UnitChange.Kind.MERGED, story.merged_on, officer).into.set([units[RECEIVING]])
    _tell_change(units[MOVED], UnitChange.Kind.MOVED, story.moved_on, officer)
    ComingChange.objects.create(
        unit=units[MERGING],
        kind=UnitChange.Kind.MERGED,
        happens_on=date(today.year + 1, 1, 1),
        target=units[MERGING_INTO],
        reason="合村并组",
        source=f"石桥县人民政府关于调整部分行政村的批复（{today.year}年）",
        made_by=officer,
        made_at=end_of_work(today - timedelta(days=10)),
    )


def _tell_change(unit: Unit, kind: str, on: date, officer: User) -> UnitChange:
    told = {"reason": "区划调整", "source": f"石桥县人民政府关于调整部分行政区划的批复（{on.year}年）"}
    return UnitChange.objects.create(
        unit=unit, kind=kind, happened_on=on, made_by=officer, made_at=end_of_work(on), **told
    )


def _make_attributes(tree: Tree, rows: Mapping[str, Unit]) -> list[Attribute]:
    return [
        Attribute(
            unit=rows[unit.code],
            name=item.name,
            value=_to_decimal(item.value),
            valid_from=item.valid_from,
            source=item.source,
        )
        for unit in tree.units
        for item in unit.attributes
    ]


def _to_decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / value.denominator


def _write_users(units: Mapping[str, Unit]) -> dict[str, User]:
    """Everybody by user name. The password is hashed once for all, since hashing is slow on purpose."""
    hashed, unusable = make_password(PASSWORD), make_password(None)
    people = [*((person, hashed) for person in LOG_INS), *((person, unusable) for person in RECORDERS)]
    users = User.objects.bulk_create(
        [User(username=person.username, display_name=person.name, password=password) for person, password in people]
    )
    by_name = {user.username: user for user in users}
    _write_posts([person for person, _ in people], by_name, units)
    return by_name


def _write_posts(people: Sequence[Person], users: Mapping[str, User], units: Mapping[str, Unit]) -> None:
    Post.objects.bulk_create(_make_posts(people, users, units))
    held = {post.user.username: post for post in Post.objects.select_related("user")}
    deputies = [person for person in people if person.deputy_of]
    for person in deputies:
        Post.objects.filter(user=users[person.username]).update(deputy_of=held[person.deputy_of])


def _make_posts(people: Iterable[Person], users: Mapping[str, User], units: Mapping[str, Unit]) -> list[Post]:
    return [
        Post(user=users[person.username], unit=units[unit], role=role, line=person.line)
        for person in people
        if person.unit
        for unit, role in ((person.unit, person.role), *person.more)
    ]


def _write_plan(year: int, county: Unit, officer: User, now: datetime) -> None:
    """The county's plan of that year with its paper, issued on its first day."""
    at = min(now, end_of_work(date(year, 1, 1)))
    name = f"{TITLE}（{year}年）.docx"
    content = plan_docx(year)
    read, _ = read_document(name, content)
    if read is None:
        raise ValueError(f"the sample plan of {year} cannot be read")
    document = Document.objects.create(
        name=name,
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        text=read.text,
        unit=county,
        uploaded_by=officer,
        uploaded_at=at,
    )
    PlanVersion.objects.create(
        unit=county,
        document=document,
        title=TITLE,
        issuer=ISSUER,
        valid_from=date(year, 1, 1),
        valid_to=date(year, 12, 31),
        state=PlanVersion.State.ISSUED,
        reading=reading_to_json(read_plan(read.text)),
        text=plan_text(year),
        created_by=officer,
        created_at=at,
        issued_by=officer,
        issued_at=at,
    )


def _write_draft(today: date, now: datetime, town: Unit, user: User) -> None:
    """A town's plan that waits for review, through the same door as any other upload."""
    year = today.year
    name = f"{TOWN_TITLE}（{year}年）.docx"
    plan, problems = upload_plan(actor=user, unit=town, name=name, content=town_plan_docx(year), now=now, year=year)
    if plan is None:
        raise ValueError(f"the sample town's plan cannot be read: {[problem.code for problem in problems]}")


def _write_records(
    records: Sequence[CoreRecord], units: Mapping[str, Unit], users: Mapping[str, User], progress: Progress
) -> None:
    for start in range(0, len(records), BATCH):
        batch = records[start : start + BATCH]
        _insert([_list_values(record, units, users) for record in batch])
        progress(start + len(batch), len(records))


def _write_ground(
    ground: SampleGround, records: Sequence[CoreRecord], units: Mapping[str, Unit], opens_on: date
) -> None:
    shapes = ground.list_shapes()
    roads = [make_road(shape, units[shape.unit], opens_on) for shape in shapes if shape.sort == "road"]
    outlines = [make_outline(shape, units[shape.unit], opens_on) for shape in shapes if shape.sort != "road"]
    places = [
        SitePlace(unit=units[shape.unit], subject=shape.subject, lon=shape.points[0].lon, lat=shape.points[0].lat)
        for shape in ground.list_places(records)
    ]
    Road.objects.bulk_create(roads)
    Outline.objects.bulk_create(outlines)
    SitePlace.objects.bulk_create(places, batch_size=BATCH)


def _write_rounds(tree: Tree, units: Mapping[str, Unit], author: User, now: datetime) -> None:
    """Two villages with a list of their households, so that a visit round can be walked; the others have none yet."""
    SubjectList.objects.bulk_create(
        SubjectList(unit=units[code], numbers=list_households(tree, code), author=author, created_at=now)
        for code in LISTED_VILLAGES
    )


def _write_titles(today: date, units: Mapping[str, Unit], users: Mapping[str, User]) -> None:
    """A title of the county, by the criteria that come with the package, and the steps of a dozen villages."""
    steps = list_title_steps(today)
    begun = end_of_work(min(step.on for step in steps) - timedelta(days=30))
    officer, text = users["officer"], criteria_text(today.year, ISSUER)
    program = TitleProgram.objects.create(
        unit=units[ROOT], name=TITLE_NAME, kinds=TITLE_KINDS, created_by=officer, created_at=begun
    )
    criteria = TitleCriteria.objects.create(
        program=program, text=text, title=CRITERIA_TITLE, months=3, since=begun.date(), made_by=officer, made_at=begun
    )
    places: dict[str, int] = {}
    rows = []
    for step in steps:
        place = places.setdefault(step.unit, 0)
        places[step.unit] += 1
        rows.append(_make_step(program, criteria, step, place, units, users))
    TitleStep.objects.bulk_create(rows)


def _make_step(
    program: TitleProgram,
    criteria: TitleCriteria,
    step: SampleStep,
    place: int,
    units: Mapping[str, Unit],
    users: Mapping[str, User],
) -> TitleStep:
    is_officer = step.by == "officer"
    return TitleStep(
        program=program,
        unit=units[step.unit],
        place=place,
        kind=step.kind,
        on=step.on,
        note=step.note,
        criteria=criteria,
        by=users[step.by],
        post_unit=units[ROOT if is_officer else step.unit[:4]],
        role=Post.Role.OFFICER if is_officer else Post.Role.SECRETARY,
        made_at=end_of_work(step.on),
    )


def _insert(rows: Sequence[Mapping[str, object]]) -> None:
    """What ``bulk_create`` does, with one statement prepared once and no objects made: in half the time."""
    # The connection itself: the module's proxy looks it up again for each of two million values.
    database = connections[DEFAULT_DB_ALIAS]
    columns = [(field.attname, field.get_db_prep_save) for field in Record._meta.concrete_fields]
    names = ", ".join(database.ops.quote_name(str(field.column)) for field in Record._meta.concrete_fields)
    places = ", ".join(["%s"] * len(columns))
    values = [[prepare(row[name], database) for name, prepare in columns] for row in rows]
    with database.cursor() as cursor:
        table = database.ops.quote_name(Record._meta.db_table)
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", values)


def _list_values(record: CoreRecord, units: Mapping[str, Unit], users: Mapping[str, User]) -> dict[str, object]:
    """The record's row by column. A column that is missing here fails the loading, and the tests."""
    return {
        "id": record.id,
        "unit_id": units[record.unit].pk,
        "kind": record.kind,
        "happened_on": record.happened_on,
        "quantity": record.quantity,
        "people": record.people,
        "subject": record.subject,
        "area_m2": None if record.area_m2 is None else _to_decimal(record.area_m2),
        "at_m": record.at_m,
        "change": record.change,
        "grade": record.grade,
        "place": record.place,
        "audience": record.audience,
        "note": record.note,
        "extra": dict(record.extra),
        "loss_yuan": None if record.loss_yuan is None else _to_decimal(record.loss_yuan),
        "author_id": users[record.author].pk,
        "recorded_at": record.recorded_at,
        "received_at": record.received_at,
        "clock_skew_s": None,
        "replaces_id": record.replaces,
        "withdrawn": record.withdrawn,
    }
