"""A log whose end was cut off, or all of it, is found out without anybody's notebook."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.db import connection, transaction
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from tests.web.cast import Cast
from tests.web.conftest import Visit
from tests.web.tampering import tampering
from wuzha.cli import audit as command
from wuzha.web.accounts import audit
from wuzha.web.accounts.actions import write_audit
from wuzha.web.accounts.models import AuditCheck, AuditEntry, AuditSeal, Post
from wuzha.web.audit.actions import note_check
from wuzha.web.audit.places import place_entries

NOON = datetime(2026, 3, 20, 4, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
Run = Callable[[], tuple[int, str]]
SEAL_GUARDS = ("update", "delete")


@contextmanager
def no_seal_guards() -> Iterator[None]:
    """Seals can be deleted, too; on PostgreSQL :func:`tampering` lets that be done already."""
    names = [f"accounts_auditseal_stays_on_{event}" for event in SEAL_GUARDS] if connection.vendor == "sqlite" else []
    with connection.cursor() as cursor:
        kept = {}
        for name in names:
            cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = %s", [name])
            kept[name] = str(cursor.fetchone()[0])
            cursor.execute(f"DROP TRIGGER {name}")
        yield
        for statement in kept.values():
            cursor.execute(statement)


def cut_off(after: int) -> None:
    """Whoever holds the database takes away what stands behind that entry, and the seals with it."""
    with tampering(), no_seal_guards():
        AuditEntry.objects.filter(pk__gt=after).delete()
        AuditSeal.objects.filter(last_id__gt=after).delete()


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr(command, "open_running_data", lambda *_: None)

    def invoke() -> tuple[int, str]:
        result = CliRunner().invoke(command.audit, ["verify"])
        return result.exit_code, result.output

    return invoke


Write = Callable[[int], int]


@pytest.fixture
def write(cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> Write:
    """Three entries of that hour under a seal of their own; the number of the last is told."""

    def write_hour(hour: int) -> int:
        for _ in range(3):
            write_audit(action="unit.looked-at", actor=cast.officer, target=cast.county, at=NOON + hour * HOUR)
        with django_capture_on_commit_callbacks(execute=True):
            assert audit.seal_entries(now=NOON + hour * HOUR + HOUR / 2) == 3
        return AuditSeal.objects.latest("last_id").last_id

    return write_hour


def test_a_log_that_nobody_touched_is_well_and_says_nothing_of_what_is_missing(write: Write, run: Run) -> None:
    write(0)
    write(1)
    for _ in range(2):
        code, told = run()
        assert (code, "6 条日志封好且没有改动" in told, "抄本" in told) == (0, True, False)


@pytest.mark.parametrize("is_all", [False, True], ids=["the last seal", "the whole log"])
def test_an_end_that_was_cut_off_is_found_by_the_copy_of_the_seals(write: Write, run: Run, is_all: bool) -> None:
    first, _last = write(0), write(1)
    cut_off(0 if is_all else first)

    code, told = run()

    assert code == 1
    assert f"有 {2 if is_all else 1} 个封条，数据库里没有" in told
    assert f"到编号 {first if is_all else _last}" in told


def test_an_end_that_was_cut_off_is_found_by_the_check_before(write: Write, run: Run, seal_copies: Path) -> None:
    """Also where new entries have taken the place of the old ones, and the copy went with the rest."""
    first, last = write(0), write(1)
    assert run()[0] == 0
    seal_copies.unlink()
    cut_off(first)
    write(2)

    for _ in range(2):  # what the check itself notes does not make the loss be forgotten
        code, told = run()
        assert (code, f"封条一直到编号 {last}；这个封条现在没有了" in told) == (1, True)


def test_a_seal_that_was_made_anew_is_another_one(write: Write, run: Run, seal_copies: Path) -> None:
    write(0)
    assert run()[0] == 0
    seal_copies.unlink()
    with tampering(), no_seal_guards():
        AuditSeal.objects.all().delete()
        AuditEntry.objects.update(action="unit.renamed")
    audit.seal_entries(now=NOON + HOUR)

    assert audit.verify_seals().broken is None
    code, told = run()
    assert (code, "换成了别的" in told) == (1, True)


def test_an_end_that_no_seal_held_is_found_by_how_far_entries_were_placed(
    cast: Cast, write: Write, run: Run, seal_copies: Path
) -> None:
    first = write(0)
    seal_copies.unlink()
    write_audit(action="unit.looked-at", actor=cast.officer, target=cast.county, at=NOON + HOUR)
    last = AuditEntry.objects.latest("pk").pk
    place_entries(now=NOON + 2 * HOUR)
    cut_off(first)

    code, told = run()

    assert (code, f"日志写到过编号 {last}，现在只到 {first}" in told) == (1, True)


def test_the_counter_of_sqlite_tells_of_the_last_entry(cast: Cast, write: Write, run: Run, seal_copies: Path) -> None:
    first, last = write(0), write(1)
    seal_copies.unlink()
    cut_off(first)

    code, told = run()

    if connection.vendor == "sqlite":
        assert (code, f"日志写到过编号 {last}，现在只到 {first}" in told) == (1, True)
    else:  # its sequence runs on with what was given up, and proves nothing
        assert code == 0


def test_a_transaction_that_was_given_up_is_no_loss(cast: Cast, write: Write, run: Run) -> None:
    write(0)
    with pytest.raises(RuntimeError), transaction_given_up():
        write_audit(action="unit.looked-at", actor=cast.officer, target=cast.county, at=NOON + HOUR)

    assert run()[0] == 0


@contextmanager
def transaction_given_up() -> Iterator[None]:
    with transaction.atomic():
        yield
        raise RuntimeError


def test_a_missing_copy_is_said_and_begun_again_with_the_next_seal(write: Write, run: Run, seal_copies: Path) -> None:
    write(0)
    seal_copies.unlink()
    code, told = run()
    assert (code, f"没有封条抄本 {seal_copies}" in told) == (0, True)

    write(1)
    assert len(seal_copies.read_text().splitlines()) == 1
    assert "抄本" not in run()[1]


def test_lines_that_cannot_be_read_are_said_and_the_others_compared(write: Write, run: Run, seal_copies: Path) -> None:
    first = write(0)
    with seal_copies.open("a") as file:
        file.write("2026-03-20 13:00 1" + "\0" * 7 + "\n")
    code, told = run()
    assert (code, "有 1 行读不出来" in told) == (0, True)

    write(1)
    cut_off(first)
    assert run()[0] == 1


def test_a_seal_stands_where_its_copy_cannot_be_written(write: Write, settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "no folder").write_text("")
    settings.SEALS = tmp_path / "no folder" / "seals.txt"
    write(0)
    assert AuditSeal.objects.count() == 1


def test_pages_say_that_something_is_missing(cast: Cast, write: Write, visit: Visit) -> None:
    first = write(0)
    write(1)
    cut_off(first)
    note_check(verdict=audit.verify_seals(), now=NOON + 3 * HOUR)

    Post.objects.create(user=cast.officer, unit=cast.county, role=Post.Role.ADMINISTRATOR)
    assert AuditCheck.objects.get().knows_expected is False
    assert "日志里以前有的内容少了" in visit(cast.officer).get("/audit/").content.decode()
