"""Makes a county of 300 units with its people, a year's ledger and the table of the month, and writes who they all are.

Run as ``python -m tests.load.county USERS RECORDS`` with ``WUZHA_DATA`` set: a process of its own, as Django is set up
once. It prints a :class:`Cast` as JSON. Whoever has a session is logged in as a browser that was here last week.
"""

import json
import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from wuzha.cli.site import open_data_folder

TOWNS, VILLAGES, SCHOOLS, STATIONS = 16, 251, 16, 16
# What people record in the load, each with the word of its duty; other kinds are nobody's affair here.
KINDS = ("rally", "talk", "showing", "broadcast", "training", "performance", "contest")
PASSWORD = "a-long-enough-password"
SEED = 20
# Of those at desks, so many have to log in first.
WITHOUT_SESSION = 0.1
OFFICERS, SUPERVISORS, OF_A_TOWN = 0.005, 0.003, 0.024
COLUMNS = ("name", "role", "unit", "town", "session", "number")


@dataclass(frozen=True, slots=True)
class Person:
    """Who plays: ``role`` is officer, supervisor, town, desk or phone; ``town`` is empty for the county's people."""

    name: str
    role: str
    unit: str
    town: str
    session: str
    number: int


@dataclass(frozen=True, slots=True)
class Cast:
    """The county as it stands before the day begins.

    ``villages`` are the units below each town, ``before`` what the year's ledger holds by ``town/kind``, in the figure
    that a duty counts; ``records`` how many records that is.
    """

    people: tuple[Person, ...]
    plan: int
    call: int
    villages: Mapping[str, tuple[str, ...]]
    before: Mapping[str, int]
    records: int
    key: str


def read_cast(text: str) -> Cast:
    told = json.loads(text)
    people = tuple(Person(**one) for one in told["people"])
    return Cast(**{**told, "people": people})


def list_nodes() -> Iterator[tuple[str, str, str, str, str]]:
    """Code, name, kind, line and parent of each unit, parents first."""
    yield "SQ", "石桥县", "county", "", ""
    for town in range(TOWNS):
        yield f"SQ{town:02}", f"第{town + 1}镇", "town", "", "SQ"
    for number in range(VILLAGES):
        town = number % TOWNS
        kind, word = ("community", "社区") if number % 7 == 0 else ("village", "村")
        yield f"SQ{town:02}V{number:03}", f"第{number + 1}{word}", kind, "", f"SQ{town:02}"
    for town in range(SCHOOLS):
        yield f"SQ{town:02}S", f"第{town + 1}镇中心小学", "school", "education", f"SQ{town:02}"
    for town in range(STATIONS):
        yield f"SQ{town:02}P", f"第{town + 1}派出所", "station", "police", f"SQ{town:02}"


def write_plan(year: int) -> str:
    """What villages owe each month, and what towns and the county owe of the same in the year, so that every record
    stands in a figure that a page shows."""
    lines = [
        "title: 石桥县工作方案",
        "issuer: 石桥县反诈联席办",
        f"valid: {{from: {year}-01-01, to: {year}-12-31}}",
        "duties:",
    ]
    for kind in KINDS:
        for who, amount, every in (
            ("[village, community]", 1, "month"),
            ("town", 1_000_000, "year"),
            ("county", 9_000_000, "year"),
        ):
            name = f"{kind}-{who.strip('[').partition(',')[0]}"
            lines.append(f"  - {{id: {name}, who: {{kind: {who}}}, do: {kind}, at_least: {amount}, every: {every}}}")
    lines.append("  - {id: table, who: {kind: town}, file: progress_table, every: month, due: {day: 20}}")
    return "\n".join(lines) + "\n"


def main() -> None:
    users, records = (int(word) for word in sys.argv[1:3])
    # The key of the folder is made first: a session of another key opens nothing.
    open_data_folder(os.environ["WUZHA_DATA"], "zh")
    from django.core.management import call_command  # noqa: PLC0415 - Django must be set up first
    from django.db import transaction  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    now = timezone.now()
    with transaction.atomic():
        cast = make_county(users, records, now, timezone.localdate(now))
    sys.stdout.write(json.dumps(asdict(cast)))


def make_county(users: int, records: int, now: datetime, today: date) -> Cast:
    units = make_units()
    people = make_people(users, units)
    officer = next(user for user, role, _ in people if role == "officer")
    plan = make_plan(officer, units["SQ"], today.year, now)
    before = make_records(records, units, officer.pk, today)
    villages: dict[str, list[str]] = {}
    for code, _, kind, _, town in list_nodes():
        if kind in ("village", "community"):
            villages.setdefault(town, []).append(code)
    told = tuple(describe(user, role, unit) for user, role, unit in people)
    call = open_table(officer, plan, today, now)
    frozen = {town: tuple(codes) for town, codes in villages.items()}
    return Cast(told, plan.pk, call, frozen, dict(before), records, make_key(officer, now, today))


def make_units() -> dict[str, Any]:
    from wuzha.web.accounts.models import Attribute, Unit  # noqa: PLC0415

    units: dict[str, Any] = {}
    for code, name, kind, line, parent in list_nodes():
        above = units.get(parent)
        path = f"{above.path if above else ''}{code}/"
        units[code] = Unit.objects.create(code=code, name=name, kind=kind, line=line, parent=above, path=path)
    Attribute.objects.bulk_create(
        Attribute(unit=unit, name=name, value=value, valid_from=date(2000, 1, 1))
        for unit in units.values()
        if unit.kind in ("village", "community")
        for name, value in (("population", 1600), ("households", 480))
    )
    return units


def make_people(users: int, units: Mapping[str, Any]) -> list[tuple[Any, str, Any]]:
    """Each with the part they play and their unit: offices first, then the villages and schools in turn."""
    from django.contrib.auth.hashers import make_password  # noqa: PLC0415

    from wuzha.web.accounts.models import Post, User  # noqa: PLC0415

    password = make_password(PASSWORD)
    parts = list_parts(users, units)
    made = User.objects.bulk_create(
        User(username=f"load{number}", display_name=f"第{number}号", password=password) for number in range(len(parts))
    )
    roles = {"officer": Post.Role.OFFICER, "town": Post.Role.OFFICER, "supervisor": Post.Role.SUPERVISOR}
    Post.objects.bulk_create(
        Post(user=user, unit=unit, role=roles.get(role, Post.Role.SECRETARY))
        for user, (role, unit) in zip(made, parts, strict=True)
    )
    return [(user, role, unit) for user, (role, unit) in zip(made, parts, strict=True)]


def list_parts(users: int, units: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """The parts of so many people; there is an officer and somebody for each of the first towns at least."""
    officers, supervisors = max(1, round(users * OFFICERS)), max(1, round(users * SUPERVISORS))
    of_towns = max(2, round(users * OF_A_TOWN))
    towns = [unit for unit in units.values() if unit.kind == "town"]
    bodies = [unit for unit in units.values() if unit.kind in ("village", "community", "school")]
    parts = [("officer", units["SQ"])] * officers + [("supervisor", units["SQ"])] * supervisors
    parts += [("town", towns[number % len(towns)]) for number in range(of_towns)]
    rest = users - len(parts)
    return parts + [("desk" if number % 3 == 0 else "phone", bodies[number % len(bodies)]) for number in range(rest)]


def describe(user: Any, role: str, unit: Any) -> Person:
    """Who plays, logged in unless they are one of the few at a desk who were long away."""
    from django.test import Client  # noqa: PLC0415

    session = ""
    if role != "desk" or Random(user.pk).random() >= WITHOUT_SESSION:
        client = Client()
        client.force_login(user)
        mark_session(client.session, user)
        session = client.cookies["sessionid"].value
    town = unit.code[:4] if len(unit.code) >= 4 else ""
    return Person(user.username, role, unit.code, town, session, user.pk)


def mark_session(session: Any, user: Any) -> None:
    """Logged in last week and last here yesterday: to take a file along they show once more who they are."""
    from wuzha.web.accounts.signin.models import SignIn  # noqa: PLC0415 - Django must be set up first
    from wuzha.web.accounts.signin.sessions import Mark, to_epoch, write_mark  # noqa: PLC0415 - the same

    now = datetime.now(UTC)
    began, seen = now - timedelta(days=6), now - timedelta(days=1)
    key = str(session.session_key)
    row = SignIn.objects.create(user=user, session_key=key, way="password", began_at=began, seen_at=seen)
    write_mark(session, Mark(row.pk, began=to_epoch(began), seen=to_epoch(seen), proved=to_epoch(began)))
    session.save()


def make_plan(officer: Any, county: Any, year: int, now: datetime) -> Any:
    from wuzha.web.campaign.models import PlanVersion  # noqa: PLC0415

    return PlanVersion.objects.create(
        unit=county,
        title="石桥县工作方案",
        issuer="石桥县反诈联席办",
        valid_from=date(year, 1, 1),
        valid_to=date(year, 12, 31),
        state=PlanVersion.State.ISSUED,
        text=write_plan(year),
        created_by=officer,
        created_at=now,
        issued_by=officer,
        issued_at=now,
    )


def make_records(count: int, units: Mapping[str, Any], author: int, today: date) -> Counter[str]:
    """A year's ledger up to yesterday. What it holds by ``town/kind``."""
    from wuzha.web.campaign.models import Record, append_rows  # noqa: PLC0415

    dice, first = Random(SEED), date(today.year, 1, 1)
    bodies = [unit for unit in units.values() if unit.kind in ("village", "community", "school")]
    days, before, rows = max(1, (today - first).days), Counter[str](), []
    for _ in range(count):
        unit, kind, quantity = dice.choice(bodies), dice.choice(KINDS), dice.randint(1, 3)
        day = first + timedelta(days=dice.randrange(days))
        at = datetime.combine(day, time(4), UTC)
        made = UUID(int=dice.getrandbits(128), version=4)
        told = {"unit_id": unit.pk, "kind": kind, "happened_on": day, "quantity": quantity, "author_id": author}
        rows.append(Record(id=made, recorded_at=at, received_at=at, **told))
        before[f"{unit.code[:4]}/{kind}"] += quantity
    append_rows(rows)
    return before


def open_table(officer: Any, plan: Any, today: date, now: datetime) -> int:
    """The table of the month, due today and ending today where months may end on such a day: the 20th of the load."""
    from wuzha.web.accounts.models import Post  # noqa: PLC0415
    from wuzha.web.campaign.actions.monthly import open_table  # noqa: PLC0415

    post = Post.objects.get(user=officer)
    call = open_table(actor=officer, post=post, version=plan, month=find_month(today), due_on=today, now=now)
    return int(call.pk)


def find_month(today: date) -> tuple[str, int]:
    """The name of the month whose table is made today, and the day on which it ends; 0 for its last."""
    if 15 <= today.day <= 28:
        return f"{today:%Y-%m}", today.day
    if today.day > 28:
        return f"{today:%Y-%m}", 28
    return f"{today.replace(day=1) - timedelta(days=1):%Y-%m}", 0


def make_key(officer: Any, now: datetime, today: date) -> str:
    """A key for programs of the county's officer, with which the figures are read at the end."""
    from wuzha.web.accounts.actions import make_token  # noqa: PLC0415
    from wuzha.web.accounts.models import Post  # noqa: PLC0415

    post = Post.objects.get(user=officer)
    closes_on = today + timedelta(days=2)
    return make_token(actor=officer, post=post, name="压力测试", closes_on=closes_on, now=now)[1]


def list_towns(cast: Cast) -> Sequence[str]:
    return tuple(cast.villages)


if __name__ == "__main__":
    main()
