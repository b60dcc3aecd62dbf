"""How long one has to wait after wrong passwords and codes: guessing is slow, and nobody is locked out by others.

What is counted is never the account alone, or anybody could keep anybody out by typing wrong passwords in their name.
Counted are the tries of one account from one network address, those from one address whatever the account, and, on a
device on which the person has logged in before, those of that device alone: such a device is never slowed by failures
from elsewhere. The rows stand in the database, so that several processes and machines count together.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from unicodedata import normalize

from django.db import transaction

from wuzha.web.accounts.signin.models import Attempt

# After so many failures the next try has to be so long after the last one.
STEPS = ((5, timedelta(minutes=1)), (10, timedelta(minutes=5)), (20, timedelta(minutes=15)))
# A whole town hall stands behind one address.
PLACE_STEPS = ((60, timedelta(minutes=1)), (120, timedelta(minutes=5)), (240, timedelta(minutes=15)))
SPAN = timedelta(hours=1)
KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Counter:
    """What is counted under one key, and after how many failures one waits how long."""

    key: str
    steps: tuple[tuple[int, timedelta], ...] = STEPS


def make_key(*parts: object) -> str:
    """The counter's name; what was typed cannot be read from it."""
    return hashlib.sha256("\n".join(map(str, parts)).encode(errors="replace")).hexdigest()


def fold_name(username: str) -> str:
    """Another spelling of a name is the same name."""
    return normalize("NFKC", username).strip().casefold()


def choose_wait(failures: int, steps: Sequence[tuple[int, timedelta]]) -> timedelta:
    return max((wait for least, wait in steps if failures >= least), default=timedelta())


def begin_attempt(counters: Sequence[Counter], now: datetime) -> tuple[tuple[int, ...], datetime | None]:
    """Counts a try before it is looked at, so that many at once cannot all be the first.

    Gives the rows of the try, and from when on it may be made where it has to wait; a try that has to wait is not
    counted, so that waiting is not made longer by trying.
    """
    with transaction.atomic():
        rows = [Attempt.objects.create(key=counter.key, at=now) for counter in counters]
    waits = [_find_wait(counter, row, now) for counter, row in zip(counters, rows, strict=True)]
    until = max((wait for wait in waits if wait is not None), default=None)
    if until is not None:
        Attempt.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return tuple(row.pk for row in rows), until


def _find_wait(counter: Counter, row: Attempt, now: datetime) -> datetime | None:
    before = Attempt.objects.filter(key=counter.key, id__lt=row.pk, at__gt=now - SPAN).order_by("-at")
    times = list(before.values_list("at", flat=True)[: counter.steps[-1][0]])
    wait = choose_wait(len(times), counter.steps)
    return times[0] + wait if wait and times[0] + wait > now else None


def forget_attempt(rows: Sequence[int], counters: Sequence[Counter], now: datetime) -> None:
    """The secret was right: its own failures are forgotten, those of the address stay but for this one.

    Otherwise whoever has one account of their own could guess at others' without end.
    """
    own = [counter.key for counter in counters if counter.steps is STEPS]
    with transaction.atomic():
        Attempt.objects.filter(pk__in=rows).delete()
        Attempt.objects.filter(key__in=own).delete()
        Attempt.objects.filter(at__lt=now - KEPT).delete()
