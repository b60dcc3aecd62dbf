"""The core of every door through which records come in: phone, form, table, queue file, interface.

Records come in sendings, each in one transaction with its audit entries: what is acknowledged is kept. Sendings that
come at the same time share a transaction, and each is answered as if it had come alone.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone

from wuzha.core.ledger.record import Record as CoreRecord
from wuzha.web.accounts.access import RECORDERS, list_posts
from wuzha.web.accounts.models import Post, User
from wuzha.web.accounts.refusal import CLOSED
from wuzha.web.campaign.actions.batch import Batch
from wuzha.web.campaign.actions.door import Doorway, Receipt, Sending
from wuzha.web.campaign.actions.turns import Turns
from wuzha.web.campaign.kinds import forget_kinds, load_kinds, note_no_own_kinds
from wuzha.web.campaign.models import HeldRecord, OwnKind

# So many records are looked up and written at a time; more than that in one statement gains nothing.
SLICE = 500
ATTEMPTS = 3
# The lock of PostgreSQL that keeps a correction and its original from missing each other.
HOLDING = 0x77757A6861
LOOK_AROUND = (
    f"SELECT EXISTS (SELECT 1 FROM {OwnKind._meta.db_table}), "
    f"EXISTS (SELECT 1 FROM {HeldRecord._meta.db_table} WHERE applied_at IS NULL)"
)
# What PostgreSQL calls a circle of waiting transactions.
DEADLOCK = "40P01"


def take_in_records(
    *,
    actor: User,
    records: Sequence[CoreRecord],
    sent_at: datetime | None,
    now: datetime,
    post: Post | None = None,
    for_whom: str = "",
) -> list[Receipt]:
    """Takes in what may be taken in; a receipt for each record, in their order.

    ``sent_at`` is the sender's clock at the moment of sending: its distance from ``now`` is kept with each record. With
    ``post``, which the caller knows to be in force, only that post of the actor counts. ``for_whom`` is the name
    on a file that the actor hands in for somebody else; it is kept beside the records. Raises ``OperationalError``
    when the database cannot be written: then nothing of the sending is kept.
    """
    today = timezone.localdate(now)
    posts = [one for one in ([post] if post else list_posts(actor, today)) if one.role in RECORDERS]
    paths = tuple(one.unit.path for one in posts if not one.line)
    lines = tuple((one.unit.path, one.line) for one in posts if one.line)
    return take_in(Doorway(actor, paths, now, today, measure_skew(sent_at, now), for_whom, lines), records)


def measure_skew(sent_at: datetime | None, now: datetime) -> int | None:
    """By how many seconds the sender's clock is ahead, negative when it is behind; none when it did not tell."""
    return None if sent_at is None else round((sent_at - now).total_seconds())


def take_in(door: Doorway, records: Sequence[CoreRecord]) -> list[Receipt]:
    """Takes the records in through this doorway, all in one transaction: the caller's, where there is one."""
    sending = Sending(door, records)
    if connection.in_atomic_block:
        return _take_in_all([sending])[0]
    return TURNS.take(sending)


def _take_in_all(sendings: Sequence[Sending]) -> list[list[Receipt]]:
    """The receipts of each sending. All are kept, or none and an error is raised."""
    exclusive = False
    for attempt in range(ATTEMPTS):
        try:
            with transaction.atomic():
                return _take_in_once(sendings, exclusive=exclusive)
        except _HoldingError:
            exclusive = True
        except IntegrityError:
            # The same id, or another correction of the same record, came in on a second connection between our look
            # and our write. Looking again finds it.
            if attempt == ATTEMPTS - 1:
                raise
        except OperationalError as error:
            # Of two turns that wait for each other's rows PostgreSQL gives one up; it then waits for the other.
            if attempt == ATTEMPTS - 1 or getattr(error.__cause__, "sqlstate", "") != DEADLOCK:
                raise
            exclusive = True
    raise IntegrityError("the same records keep coming in elsewhere")


# SQLite lets one writer in at a time, and of several whoever happens to ask at the right moment: some would wait for
# seconds. PostgreSQL lets in many, yet two turns at once were no quicker than one that holds twice as much.
TURNS: Turns[Sending, list[Receipt]] = Turns(_take_in_all, common=CLOSED)


class _HoldingError(Exception):
    """Something has to be held, and the lock for that is not taken yet."""


def _take_in_once(sendings: Sequence[Sending], *, exclusive: bool) -> list[list[Receipt]]:
    """One attempt. SQLite lets one writer in at a time; on PostgreSQL whoever holds a correction waits for the others.

    Otherwise the original could come in on another connection in the same moment, and neither would see the other.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT pg_advisory_xact_lock{'' if exclusive else '_shared'}(%s)", [HOLDING])
    forget_kinds()  # this turn may serve requests that began after this one had read them
    doors = [sending.door for sending in sendings for _ in sending.records]
    records = [record for sending in sendings for record in sending.records]
    receipts: dict[int, Receipt] = {}
    order = list(_list_in_order(sendings))
    for start in range(0, len(order), SLICE):
        numbers = order[start : start + SLICE]
        has_own_kinds, may_hold = _look_around()
        if not has_own_kinds:
            note_no_own_kinds()
        batch = Batch(load_kinds(), may_hold)
        batch.look_up([records[number] for number in numbers])
        receipts.update((number, batch.take(doors[number], records[number])) for number in numbers)
        if batch.new_held and connection.vendor == "postgresql" and not exclusive:
            raise _HoldingError
        batch.write()
    in_order = iter([receipts[number] for number in range(len(records))])
    return [[next(in_order) for _ in sending.records] for sending in sendings]


def _look_around() -> tuple[bool, bool]:
    """Whether a county has kinds of its own, and whether a correction waits for its original.

    Mostly neither is so. One question in the database's own words takes a fifth of what the two take as models, and
    whoever waits for the next turn waits for it.
    """
    with connection.cursor() as cursor:
        cursor.execute(LOOK_AROUND)
        has_own_kinds, may_hold = cursor.fetchone()
    return bool(has_own_kinds), bool(may_hold)


def _list_in_order(sendings: Iterable[Sending]) -> Iterator[int]:
    """The numbers of the records of all sendings: each sending as if it had come alone, one after the other."""
    first = 0
    for sending in sendings:
        yield from (first + number for number in _put_originals_first(sending.records))
        first += len(sending.records)


def _put_originals_first(records: Sequence[CoreRecord]) -> list[int]:
    """The numbers of the records, each after the one it replaces; those that go in a circle keep their places."""
    places = {record.id: number for number, record in reversed(list(enumerate(records)))}
    order: dict[int, None] = {}
    for number in range(len(records)):
        trail: dict[int, None] = {}
        step: int | None = number
        while step is not None and step not in order and step not in trail:
            trail[step] = None
            original = records[step].replaces
            step = places.get(original) if original else None
        order.update(dict.fromkeys(reversed(trail)))
    return list(order)
