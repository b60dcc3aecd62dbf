"""The ledger of the sample county while it is written: days, clocks, ids, corrections, and the exact number kept."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta, timezone
from fractions import Fraction
from random import Random
from typing import TypedDict, Unpack
from uuid import UUID

from wuzha.adapters.sample.county import find_town
from wuzha.adapters.sample.habit import Habit, find_habit
from wuzha.adapters.sample.people import find_author
from wuzha.core.base.interval import DAY
from wuzha.core.base.unit import Unit
from wuzha.core.ledger.record import Record

CHINA = timezone(timedelta(hours=8))
REACH_BACK = timedelta(days=440)
"""How far back the day-to-day work goes. At the county's pace this is more records than are kept."""


class Fields(TypedDict, total=False):
    """What a record may say beside its unit, kind and day."""

    quantity: int
    people: int | None
    subject: str
    area_m2: Fraction | None
    at_m: int | None
    change: str
    grade: str
    place: str
    audience: str
    note: str
    loss_yuan: Fraction | None


@dataclass(frozen=True, slots=True)
class Writer:
    """One unit at work: its habit and its own dice, so that no unit's records depend on another's."""

    unit: Unit
    habit: Habit
    rng: Random

    @property
    def code(self) -> str:
        return self.unit.code

    def keeps(self) -> bool:
        return self.rng.random() < self.habit.keeps


def make_writer(seed: str, unit: Unit) -> Writer:
    return Writer(unit, find_habit(unit), Random(f"{seed}/work/{unit.code}"))


@dataclass(slots=True)
class Book:
    """Records as they come, each with its place in the order of keeping.

    Nothing happens outside its unit's life or after ``today``, and nothing is known that arrives after ``now``.
    """

    today: date
    now: datetime
    rows: list[tuple[bool, int, Record]] = field(default_factory=list)

    @property
    def since(self) -> date:
        return self.today - REACH_BACK

    @property
    def years(self) -> tuple[int, ...]:
        """The calendar years that the ledger touches, oldest first."""
        return tuple(range(self.since.year, self.today.year + 1))

    def list_weeks(self) -> Iterator[date]:
        """The Mondays of the ledger, this week's too."""
        monday = self.since - timedelta(days=self.since.weekday())
        while monday <= self.today:
            yield monday
            monday += timedelta(days=7)

    def list_months(self) -> Iterator[date]:
        """The first days of the ledger's months, this month's too."""
        first = self.since.replace(day=1)
        while first <= self.today:
            yield first
            first = (first + timedelta(days=31)).replace(day=1)

    def add(self, writer: Writer, kind: str, on: date, *, kept: bool = False, **fields: Unpack[Fields]) -> None:
        """One fact, now and then followed by its correction. ``kept`` facts stay however far back and as they are."""
        if on > self.today or on not in writer.unit.life or (on < self.since and not kept):
            return
        recorded_at, received_at = draw_clocks(writer, on)
        if received_at > self.now:
            return
        id_ = make_id(recorded_at, writer.rng)
        author = find_author(writer.code, find_town(writer.code, on, self.today))
        record = Record(
            id_, writer.code, kind, on, author=author, recorded_at=recorded_at, received_at=received_at, **fields
        )
        self.rows.append((kept, on.toordinal(), record))
        if not kept and writer.rng.random() < 0.014:
            self._correct(writer, record)

    def _correct(self, writer: Writer, record: Record) -> None:
        """A second look some days later: another number, or now and then that it did not happen at all."""
        fix = _draw_fix(writer.rng, record)
        if fix is None or fix.received_at is None or fix.received_at > self.now:
            return
        self.rows.append((False, record.happened_on.toordinal(), fix))

    def take(self, count: int) -> list[Record]:
        """Exactly ``count`` records, oldest first: the kept ones, then the latest. No correction loses its original.

        Raises ``ValueError`` when fewer were written.
        """
        if len(self.rows) < count:
            raise ValueError(f"{count} records wanted, {len(self.rows)} written")
        # The sort is stable and a correction follows its original, so that a cut between them drops the correction.
        self.rows.sort(key=lambda row: (not row[0], -row[1]))
        chosen = [record for _, _, record in self.rows[:count]]
        return sorted(chosen, key=lambda record: (record.happened_on, record.id))


def draw_clocks(writer: Writer, on: date) -> tuple[datetime, datetime]:
    """When the phone wrote it and when the server had it: mostly the same evening, at times days later."""
    rng = writer.rng
    dice = rng.random()
    lag_days = 0 if dice < 0.8 else int(dice * 1000) % (writer.habit.lags_days + 1)
    at = datetime(on.year, on.month, on.day, 8, 0, tzinfo=CHINA)
    recorded_at = at + timedelta(days=lag_days, seconds=int(rng.random() * 43_000))
    # Three in a hundred phones had no signal and sent it days later.
    wait = dice * 90 + 2 if rng.random() < 0.97 else 86_400 * (1 + dice * 7)
    return recorded_at, recorded_at + timedelta(seconds=int(wait))


def make_id(at: datetime, rng: Random) -> UUID:
    """A UUID of version 7: 48 bits of milliseconds, then chance, as a phone makes it."""
    millis = int(at.timestamp()) * 1000 + rng.getrandbits(10) % 1000
    high, low = rng.getrandbits(12), rng.getrandbits(62)
    return UUID(int=millis << 80 | 7 << 76 | high << 64 | 2 << 62 | low)


def _draw_fix(rng: Random, record: Record) -> Record | None:
    """The correcting record; none for what is not counted by heads and was not a slip altogether."""
    withdrawn = rng.random() < 0.12
    if record.change or record.recorded_at is None or not (withdrawn or record.people):
        return None
    recorded_at = record.recorded_at + timedelta(days=rng.randint(1, 6), minutes=rng.randint(1, 300))
    return replace(
        record,
        id=make_id(recorded_at, rng),
        people=max(record.quantity, record.people * rng.randint(70, 120) // 100) if record.people else None,
        note="重复登记后撤回" if withdrawn else "核对签到表后更正人数",
        recorded_at=recorded_at,
        received_at=recorded_at + timedelta(seconds=rng.randint(2, 60)),
        replaces=record.id,
        withdrawn=withdrawn,
    )


def end_of_work(day: date) -> datetime:
    """When a day's ledger is closed: 20:30 in China."""
    return datetime.combine(day, time(20, 30), CHINA)


def list_counted_years(book: Book) -> tuple[int, ...]:
    """This year and the two before it: what last year's plan is compared with must be there too."""
    year = book.today.year
    return (year - 2, year - 1, year)


def find_month_end(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1) - DAY
