"""How long the live pages take in a county of 5,000 units, 60 duties and a million records. Run by ``make bench``.

On SQLite in a folder of its own, or on the PostgreSQL database that ``WUZHA_DATABASE_URL`` names; the site answers in
this process, middleware and templates included. While pages are asked for, records go on coming in, one before every
fifth page. Each figure stands beside its ratio to fetching four columns of a hundredth of the ledger in the same run.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from statistics import median, quantiles
from typing import Any
from uuid import UUID, uuid4

import numpy as np
import yaml

RECORDS = int(os.environ.get("WUZHA_BENCH_RECORDS", "1000000"))
VISITS = 200
EVERY = 5
PROMISE_MS, SEEN_MS = 150, 1000
TOWNS, VILLAGES, GRIDS, SCHOOLS, BANKS, STATIONS, HOTELS = 40, 960, 3000, 500, 300, 40, 159

Node = tuple[str, str, str, str]  # code, name, kind, code of the parent


def list_nodes() -> Iterator[Node]:
    """5,000 units, parents first."""
    yield "C", "石桥县", "county", ""
    for n in range(TOWNS):
        yield f"T{n}", f"镇{n}", "town", "C"
    for n in range(VILLAGES):
        yield f"V{n}", f"村{n}", "village", f"T{n % TOWNS}"
    for n in range(GRIDS):
        yield f"G{n}", f"网格{n}", "grid", f"V{n % VILLAGES}"
    for prefix, name, kind, count in (
        ("S", "学校", "school", SCHOOLS),
        ("B", "网点", "bank", BANKS),
        ("P", "派出所", "police_station", STATIONS),
        ("H", "宾馆", "hotel", HOTELS),
    ):
        for n in range(count):
            yield f"{prefix}{n}", f"{name}{n}", kind, f"T{n % TOWNS}"


EVENTS = ("rally", "talk", "showing", "performance", "contest", "broadcast", "training", "street_round")
RHYTHMS = ("week", "month", "month", "quarter", "year")
# Who does how much of the ledger: kind, units by the first letter of their codes, share.
MIX = (
    *((kind, "VG", 0.05) for kind in EVENTS),
    ("visit", "VG", 0.25),
    ("broadcast", "SB", 0.04),
    ("talk", "SBPH", 0.08),
    ("class_meeting", "S", 0.05),
    ("training", "B", 0.04),
    ("banner", "V", 0.03),
    ("poster", "VS", 0.03),
    ("progress-table", "VT", 0.04),
    ("briefing", "T", 0.02),
    ("followup", "V", 0.01),
    ("cases", "T", 0.01),
)
SUBJECTS: Mapping[str, int] = {"visit": 400, "banner": 20, "poster": 20, "followup": 10}


def list_duties(year: int) -> Iterator[dict[str, Any]]:
    """Sixty duties of six verbs: what villages, schools, banks, stations, hotels, towns and the county owe."""
    for number in range(24):
        kind, rhythm = EVENTS[number % len(EVENTS)], RHYTHMS[number % len(RHYTHMS)]
        yield {"who": {"kind": "village"}, "do": kind, "at_least": 1 + number // 8, "every": rhythm}
    for number in range(6):
        rhythm = ("month", "quarter")[number % 2]
        yield {"who": {"kind": "village"}, "file": "progress-table", "every": rhythm, "due": {"day": 20 + number}}
    for share in (50, 80, 100):
        by = date(year, 12, 31) if share > 50 else date(year, 6, 30)
        yield {"who": {"kind": "village"}, "cover": "household", "at_least": f"{share}%", "by": by}
    for kind in ("banner", "poster"):
        yield {"who": {"kind": "village"}, "keep": kind, "at_least": 2}
        yield {"who": {"kind": "town"}, "keep": kind, "at_least": 20}
    yield {"who": {"kind": "village"}, "check": "followup", "grade": "high", "every": "week"}
    for rhythm in ("month", "quarter", "year"):
        yield {"who": {"kind": "school"}, "do": "class_meeting", "at_least": 1, "every": rhythm}
        yield {"who": {"kind": "school"}, "do": "talk", "at_least": 1, "every": rhythm}
        yield {"who": {"kind": "bank"}, "do": "training", "at_least": 1, "every": rhythm}
        yield {"who": {"kind": "bank"}, "do": "broadcast", "at_least": 4, "every": rhythm}
        yield {"who": {"kind": ["hotel", "police_station"]}, "do": "talk", "at_least": 1, "every": rhythm}
        yield {"who": {"kind": "town"}, "file": "briefing", "every": rhythm}
        yield {"who": {"kind": "county"}, "do": "rally", "at_least": 40, "every": rhythm}
    yield {"who": {"kind": "town"}, "attain": "cases", "change": {"at_most": "-20%", "against": "last_year"}}


def write_plan(year: int) -> str:
    """The plan in the plan language."""
    duties = [{"id": f"d{number}", "quote": f"任务{number}"} | duty for number, duty in enumerate(list_duties(year))]
    valid = {"from": date(year, 1, 1), "to": date(year, 12, 31)}
    plan = {"title": "石桥县方案", "issuer": "县联席办", "valid": valid, "duties": duties}
    return yaml.safe_dump(plan, allow_unicode=True, sort_keys=False)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["WUZHA_DATA"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "wuzha.settings"
        import django

        django.setup()
        sys.exit(measure())


def measure() -> int:
    """Prints the table; how many promises were not kept."""
    from django.core.management import call_command
    from django.db import connection, transaction
    from django.utils import timezone

    call_command("migrate", verbosity=0)
    today = timezone.localdate()
    with transaction.atomic():
        load(today)
    print(
        f"\n{connection.vendor}: {sum(1 for _ in list_nodes()):,} units, {len(list(list_duties(today.year)))} duties,",
        end="",
    )
    print(f" {RECORDS:,} records, {today}; load {os.getloadavg()[0]:.1f}")
    return Round(today).run()


def load(today: date) -> None:
    from wuzha.adapters.plan_yaml import read_plan_yaml
    from wuzha.web.accounts.models import Attribute, Post, Unit, User
    from wuzha.web.campaign.models import PlanVersion

    rows: dict[str, Unit] = {}
    for code, name, kind, parent in list_nodes():
        above = rows.get(parent)
        rows[code] = Unit(code=code, name=name, kind=kind, parent=above, path=f"{above.path if above else ''}{code}/")
        if kind in ("county", "town", "village"):
            rows[code].save()
    Unit.objects.bulk_create([row for row in rows.values() if row.pk is None])
    bases = {"village": 1, "town": VILLAGES // TOWNS, "county": VILLAGES}
    Attribute.objects.bulk_create(
        Attribute(unit=row, name=name, value=base * bases[row.kind], valid_from=date(2000, 1, 1))
        for row in rows.values()
        if row.kind in bases
        for name, base in (("population", 1600), ("households", 400))
    )
    people = {name: User.objects.create_user(name, password="only-for-this") for name in ("officer", "town", "village")}
    for name, code, role in (("officer", "C", "officer"), ("town", "T1", "officer"), ("village", "V1", "secretary")):
        Post.objects.create(user=people[name], unit=rows[code], role=role)
    text = write_plan(today.year)
    plan, problems = read_plan_yaml(text)
    assert plan is not None, problems
    now = time_of(today)
    valid = {"valid_from": plan.valid.opens, "valid_to": plan.valid.last_day}
    PlanVersion.objects.create(
        unit=rows["C"], title=plan.title, issuer=plan.issuer, state="issued", text=text, created_by=people["officer"],
        created_at=now, issued_by=people["officer"], issued_at=now, **valid,
    )  # fmt: skip
    write_records(today, {code: row.pk for code, row in rows.items()}, people["village"].pk)


def time_of(day: date) -> Any:
    from datetime import UTC, datetime

    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


def write_records(today: date, units: Mapping[str, int], author: int) -> None:
    from wuzha.web.campaign.models import append_rows

    dice = np.random.default_rng(7)
    first = date(today.year, 1, 1)
    whole = sum(share for _, _, share in MIX)
    for kind, letters, share in MIX:
        bodies = [pk for code, pk in units.items() if code[0] in letters]
        count = round(RECORDS * share / whole)
        numbers = dice.integers(0, len(bodies), count)
        days = np.sort(dice.integers(0, (today - first).days + 1, count))
        subjects = dice.integers(0, SUBJECTS.get(kind, 1), count)
        for start in range(0, count, 20_000):
            here = slice(start, start + 20_000)
            append_rows([
                make_record(kind, bodies[body], first + timedelta(days=int(day)), int(subject), author)
                for body, day, subject in zip(numbers[here], days[here], subjects[here], strict=True)
            ])  # fmt: skip


def make_record(kind: str, unit: int, day: date, subject: int, author: int, record_id: UUID | None = None) -> Any:
    from wuzha.web.campaign.models import Record

    extra: dict[str, Any] = {}
    if kind in ("banner", "poster"):
        extra = {"change": "installed"}
    elif kind == "followup":
        extra = {"grade": "high"}
    named = f"{subject}" if kind in SUBJECTS else ""
    at = time_of(day)
    return Record(
        id=record_id or uuid4(), unit_id=unit, kind=kind, happened_on=day, subject=named, author_id=author,
        recorded_at=at, received_at=at, **extra,
    )  # fmt: skip


class Round:
    """People who look at pages while others record."""

    def __init__(self, today: date) -> None:
        from django.test import Client

        from wuzha.web.accounts.models import Unit, User

        self.today = today
        self.clients = {}
        for user in User.objects.all():
            self.clients[user.username] = Client()
            self.clients[user.username].force_login(user)
        self.units = dict(Unit.objects.values_list("code", "pk"))
        self.author = User.objects.get(username="village")
        self.base = 1.0
        self.broken = 0

    def run(self) -> int:
        from wuzha.web.campaign.queries.totals import forget_counts
        from wuzha.web.campaign.start import prepare_pages, settle_memory

        self.base = median(clock(self.scan) for _ in range(5))
        print(f"{'':56}{'ms':>9}{'p95 ms':>9}{'x scan':>9}{'queries':>9}")
        self.show("fetching four columns of 10,000 records (scan)", [self.base])
        self.show("what a start makes ready", [clock(lambda: prepare_pages(self.today))])
        forget_counts()
        self.show("standings, nothing counted yet", *self.ask("officer", "/standings/C/"))
        earlier = self.today - timedelta(days=40)
        self.show("standings of a past day, not asked before", *self.ask("officer", f"/standings/C/?as_of={earlier}"))
        known = f"/standings/C/?known={earlier}"
        self.show("standings as known then, not asked before", *self.ask("officer", known))
        prepare_pages(self.today)
        settle_memory()  # as a start does
        for kind, unit in (("rally", "V3"), ("visit", "G7"), ("banner", "V5"), ("cases", "T1")):
            self.record(kind, unit)
            took, queries = self.ask("officer", "/standings/C/")
            self.show(f"standings right after a record ({kind})", took, queries, SEEN_MS)
        for name, user, path in (
            ("standings of the county", "officer", "/standings/C/"),
            ("standings of a town", "town", "/standings/T1/"),
            ("a village's page", "officer", "/units/V1/standing/"),
            ("a town's page", "officer", "/units/T1/standing/"),
            ("the county's page", "officer", "/units/C/standing/"),
            ("my work, village", "village", "/today/work/"),
            ("my work, town", "town", "/today/work/"),
            ("my work, county", "officer", "/today/work/"),
            ("today, county", "officer", "/today/"),
            ("today, town", "town", "/today/"),
        ):
            self.show(name, *self.visit(user, path), PROMISE_MS)
        return self.broken

    def scan(self) -> None:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SELECT kind, unit_id, happened_on, quantity FROM campaign_record LIMIT 10000")
            cursor.fetchall()

    def ask(self, user: str, path: str) -> tuple[list[float], int]:
        """Milliseconds of one visit, and the queries it made."""
        from django.db import connection, reset_queries
        from django.test.utils import CaptureQueriesContext

        reset_queries()  # only the last nine thousand are kept
        start = time.perf_counter()
        with CaptureQueriesContext(connection) as queries:
            answer = self.clients[user].get(path)
        took = (time.perf_counter() - start) * 1000
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answered {answer.status_code}")
        return [took], len(queries)

    def visit(self, user: str, path: str) -> tuple[list[float], int]:
        """Milliseconds of each of many visits while records come in, and the most queries that one made."""
        times, most = [], 0
        for number in range(VISITS):
            if number % EVERY == 0:
                kind, letters, _ = MIX[number // EVERY % len(MIX)]
                self.record(kind, f"{letters[0]}{number % 40}")
            took, queries = self.ask(user, path)
            times += took
            most = max(most, queries)
        return times, most

    def record(self, kind: str, unit: str) -> None:
        from wuzha.web.campaign.models import append_rows

        append_rows([make_record(kind, self.units[unit], self.today, 3, self.author.pk)])

    def show(self, name: str, times: Sequence[float], queries: int = 0, promise: float = 0) -> None:
        p95 = quantiles(times, n=20)[18] if len(times) > 1 else times[0]
        self.broken += bool(promise) and p95 > promise
        mark = " !" if promise and p95 > promise else ""
        print(
            f"{name:56}{median(times):9.1f}{p95:9.1f}{median(times) / self.base:9.1f}{queries or '':>9}{mark}",
            flush=True,
        )


def clock(work: Callable[[], object]) -> float:
    """Milliseconds that the work takes."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


if __name__ == "__main__":
    main()
