"""Old entries go whole stretches at a time, no earlier than the law allows, and the chain of seals goes on to hold."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import DatabaseError, transaction
from pytest_django import Settings

from tests.web.cast import Cast
from tests.web.tampering import tampering
from wuzha.adapters import environment
from wuzha.adapters.environment import WrongSettingError
from wuzha.cli import audit as command
from wuzha.web.accounts import audit
from wuzha.web.accounts.actions import write_audit
from wuzha.web.accounts.models import AuditCheck, AuditCut, AuditEntry, AuditPlace, AuditSeal
from wuzha.web.audit.cut import cut_entries, find_due
from wuzha.web.audit.places import place_entries
from wuzha.web.personal.actions import lift_hold
from wuzha.web.personal.models import LegalHold

BEGIN = datetime(2020, 1, 6, 4, 0, tzinfo=UTC)
DAY = timedelta(days=1)
NETWORK, PERSONAL, DEED = "log-in.done", "personal.looked-at", "unit.renamed"


def write(cast: Cast, day: int, *actions: str) -> None:
    """A stretch of one day with a seal of its own."""
    at = BEGIN + day * DAY
    for action in actions:
        write_audit(action=action, actor=cast.secretary, target=cast.village, at=at)
    audit.seal_entries(now=at + timedelta(hours=1))


def list_days() -> list[int]:
    return sorted({(at - BEGIN).days for at in AuditEntry.objects.values_list("at", flat=True)})


@pytest.fixture
def long(cast: Cast) -> Cast:
    """Three stretches: log-ins only, then a look among them, then a deed."""
    write(cast, 0, NETWORK, NETWORK)
    write(cast, 10, NETWORK, PERSONAL)
    write(cast, 20, NETWORK, DEED)
    place_entries(now=BEGIN + 21 * DAY)
    return cast


@pytest.mark.parametrize(
    ("age", "gone"), [(183, 0), (184, 0), (185, 2), (1105, 2), (1107, 4), (3672, 4), (3674, 6)], ids=str
)
def test_a_stretch_goes_when_the_longest_kept_of_its_entries_may(long: Cast, age: int, gone: int) -> None:
    assert find_due(now=BEGIN + age * DAY).count == gone

    cut = cut_entries(now=BEGIN + age * DAY)

    assert (cut.count if cut else 0) == gone
    assert AuditEntry.objects.exclude(action="audit.cut").count() == 6 - gone


def test_what_is_left_holds_and_the_check_tells_what_went(long: Cast) -> None:
    digests = list(AuditSeal.objects.order_by("last_id").values_list("digest", flat=True))
    cut = cut_entries(now=BEGIN + 1107 * DAY)
    assert cut
    found = audit.verify_seals(digests[0])

    assert (found.broken, found.knows_expected) == (None, True)
    assert (found.entries, found.cut, found.seals) == (2, 4, 3)
    assert found.cut_until == BEGIN + 10 * DAY
    assert (cut.first_at, cut.last_at, cut.digest) == (BEGIN, BEGIN + 10 * DAY, digests[1])
    assert not AuditPlace.objects.filter(entry_id__lte=cut.last_id).exists()


def test_it_is_noted_in_the_log_and_done_once(long: Cast) -> None:
    now = BEGIN + 1107 * DAY
    cut = cut_entries(now=now)
    assert cut
    assert cut_entries(now=now) is None

    entry = AuditEntry.objects.get(action="audit.cut")
    assert (entry.object_id, entry.details["count"], entry.details["digest"]) == (str(cut.pk), 4, cut.digest)


def test_a_second_cut_goes_on_where_the_first_ended(long: Cast) -> None:
    cut_entries(now=BEGIN + 185 * DAY)
    audit.seal_entries(now=BEGIN + 186 * DAY)
    cut_entries(now=BEGIN + 3674 * DAY)
    found = audit.verify_seals()

    # The note of the first cut tells who handled personal data; its three years are over by then too.
    assert found.broken is None
    assert found.cut == 7
    assert sum(cut.count for cut in AuditCut.objects.all()) == 7


def hide_entry(cast: Cast) -> None:
    row = AuditEntry(action=DEED, actor=cast.officer, object_type="unit", object_id="1", at=BEGIN)
    row.pk = 1
    row.save(force_insert=True)


def forget_note(cast: Cast) -> None:
    with tampering():
        AuditEntry.objects.filter(action="audit.cut").delete()


def change_note(cast: Cast) -> None:
    with tampering():
        AuditEntry.objects.filter(action="audit.cut").update(details={"count": 3, "digest": "0" * 64})


def forge_cut(cast: Cast) -> None:
    """Somebody deletes what they did and writes a certificate for it."""
    seal = AuditSeal.objects.latest("last_id")
    forged = {"last_id": seal.last_id, "digest": seal.digest, "count": 1, "cut_at": BEGIN}
    AuditCut.objects.create(first_at=BEGIN, last_at=BEGIN, **forged)
    AuditEntry.objects.filter(pk__lte=seal.last_id).delete()


@pytest.mark.parametrize("tamper", [hide_entry, forget_note, change_note, forge_cut])
def test_whoever_tampers_with_a_cut_is_found_out(long: Cast, tamper: Callable[[Cast], None]) -> None:
    cut_entries(now=BEGIN + 1107 * DAY)
    assert audit.verify_seals().broken is None
    first = AuditEntry.objects.order_by("pk").values_list("pk", flat=True)[0]
    assert first > 1

    tamper(long)

    assert audit.verify_seals().broken


def test_what_was_changed_is_not_tidied_away(long: Cast) -> None:
    with tampering():
        AuditEntry.objects.filter(action=PERSONAL).update(action=NETWORK)
    due = find_due(now=BEGIN + 4000 * DAY)

    assert (due.broken, due.count) == (True, 2)
    cut_entries(now=BEGIN + 4000 * DAY)
    assert list_days()[:2] == [10, 20]
    assert audit.verify_seals().broken


def test_while_something_must_be_kept_nothing_goes(long: Cast) -> None:
    hold = LegalHold.objects.create(unit=long.town, reason="有投诉没有办完", made_by=long.officer, made_at=BEGIN)
    assert find_due(now=BEGIN + 4000 * DAY).held
    assert cut_entries(now=BEGIN + 4000 * DAY) is None

    lift_hold(actor=long.officer, row=hold, reason="投诉已经办完", now=BEGIN + DAY)
    assert cut_entries(now=BEGIN + 4000 * DAY)


def test_what_is_not_sealed_does_not_go(cast: Cast) -> None:
    write_audit(action=NETWORK, actor=cast.officer, target=cast.county, at=BEGIN)

    assert cut_entries(now=BEGIN + 4000 * DAY) is None


def test_the_settings_lengthen(long: Cast, settings: Settings) -> None:
    settings.AUDIT_KEEP_NETWORK_DAYS = 400

    assert find_due(now=BEGIN + 399 * DAY).count == 0
    assert find_due(now=BEGIN + 401 * DAY).count == 2


@pytest.mark.parametrize(("name", "least"), [("NETWORK", 184), ("PERSONAL", 1096), ("DEED", 1096)])
def test_no_setting_goes_below_the_law(monkeypatch: pytest.MonkeyPatch, name: str, least: int) -> None:
    """The settings are read as the program reads them: their text is looked at, since they are read only once."""
    import wuzha.settings  # noqa: PLC0415 - its file is what is looked at

    text = Path(str(wuzha.settings.__file__)).read_text(encoding="utf-8")
    assert re.search(rf'env\.number\("AUDIT_KEEP_{name}_DAYS", \d+, {least}, ', text)
    monkeypatch.setenv("WUZHA_X", str(least - 1))
    with pytest.raises(WrongSettingError):
        environment.Settings(prefix="WUZHA_").number("X", least, least, 36_525)


REFUSED: Mapping[str, Callable[[], Any]] = {
    "cut changed": lambda: AuditCut.objects.update(count=1),
    "cut deleted": lambda: AuditCut.objects.all().delete(),
    "entry behind no cut deleted": lambda: AuditEntry.objects.all().delete(),
}


@pytest.mark.parametrize("event", REFUSED)
def test_the_database_lets_nothing_else_go(long: Cast, event: str) -> None:
    cut_entries(now=BEGIN + 1107 * DAY)
    with pytest.raises(DatabaseError), transaction.atomic():
        REFUSED[event]()


# --- the commands ---


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str]]:
    monkeypatch.setattr(command, "open_running_data", lambda *_: None)

    def invoke(*arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(command.audit, list(arguments))
        return result.exit_code, result.output

    return invoke


def test_the_command_tells_what_would_go_and_deletes_only_with_yes(
    long: Cast, run: Callable[..., tuple[int, str]]
) -> None:
    assert run("cut") == (0, "会删除 4 条；加 --yes 才真的删。\n")
    assert AuditEntry.objects.count() == 6
    code, told = run("cut", "--yes")
    assert (code, "删除了 4 条" in told) == (0, True)
    assert run("cut")[1] == "没有保存期已满的日志。\n"

    code, told = run("verify")
    assert (code, "另有 4 条保存期满已经删除" in told) == (0, True)


def test_a_digest_that_was_kept_elsewhere_tells_that_the_end_was_cut_off(
    long: Cast, run: Callable[..., tuple[int, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "封条.txt"
    assert run("seal", "--to", str(kept))[0] == 0
    assert run("seal", "--to", str(kept))[0] == 0
    assert len(kept.read_text("utf-8").splitlines()) == 2
    assert run("verify", "--expect-file", str(kept))[0] == 0

    last = AuditSeal.objects.latest("last_id").last_id
    gone = AuditSeal.objects.exclude(last_id=last)
    with monkeypatch.context() as patch:
        patch.setattr(AuditSeal, "objects", gone)
        code, told = run("verify", "--expect-file", str(kept))

    assert (code, "封条不在这条链上" in told) == (1, True)
    assert AuditCheck.objects.latest("id").knows_expected is False


def test_what_a_check_found_is_kept_with_its_time(long: Cast, run: Callable[..., tuple[int, str]]) -> None:
    assert run("verify")[0] == 0
    with tampering():
        AuditEntry.objects.filter(action=DEED).update(object_id="77")
    assert run("verify")[0] == 1

    good, bad = AuditCheck.objects.order_by("id")
    assert (good.broken_from, good.seals, good.entries) == (None, 3, 6)
    assert (bad.broken_from, bad.seals) == (good.last_id - 1, 2)
