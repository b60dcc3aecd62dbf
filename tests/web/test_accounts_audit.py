"""No change to people, posts or units without its row in the audit log, written in the same transaction."""

import inspect
from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from tests.web.cast import Cast
from wuzha.core.base.roster import RosterRow
from wuzha.web.accounts import actions
from wuzha.web.accounts.models import ApiToken, AuditEntry, Post

NOW = datetime(2026, 6, 1, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
PERSON = {
    "username": "east-grid",
    "display_name": "东社区网格员",
    "password": "sunny-bridge-42",
    "role": Post.Role.SECRETARY,
    "opens_on": date(2026, 1, 1),
}
VILLAGE = RosterRow({"code": "SQ0103", "name": "上林村", "kind": "村", "parent": "SQ01"})


def make_token(cast: Cast) -> ApiToken:
    post = cast.secretary.posts.get()
    return actions.make_token(actor=cast.officer, post=post, name="台账程序", closes_on=date(2027, 1, 1), now=NOW)[0]


# Every action of the module, done once by the officer.
DEEDS: dict[str, Callable[[Cast], object]] = {
    "create_user": lambda cast: actions.create_user(
        actor=cast.officer, username="new", display_name="新人", password="sunny-bridge-42", now=NOW
    ),
    "change_password": lambda cast: actions.change_password(actor=cast.officer, password="sunny-bridge-42", now=NOW),
    "appoint": lambda cast: actions.appoint(
        actor=cast.officer, user=cast.nobody, unit=cast.village, role=Post.Role.SECRETARY, now=NOW
    ),
    "appoint_new_person": lambda cast: actions.appoint_new_person(
        actor=cast.officer, unit=cast.village, person=PERSON, closes_on=date(2027, 1, 1), now=NOW
    ),
    "hold_roster": lambda cast: actions.hold_roster(actor=cast.officer, name="花名册.xlsx", content=b"x", now=NOW),
    "import_roster": lambda cast: actions.import_roster(actor=cast.officer, rows=[VILLAGE], now=NOW),
    "make_token": make_token,
    "note_export": lambda cast: actions.note_export(
        actor=cast.officer, table="units", address="/units/", ending="csv", rows=2, now=NOW
    ),
    "withdraw_token": lambda cast: actions.withdraw_token(actor=cast.officer, token=make_token(cast), now=NOW),
}


def test_every_action_of_the_module_is_done_here() -> None:
    found = {
        name
        for name, action in inspect.getmembers(actions, inspect.isfunction)
        if action.__module__ == actions.__name__ and not name.startswith("_")
    }

    # The first administrator is made by who has the machine: nobody has logged in yet.
    assert found - {"write_audit", "create_administrator"} == set(DEEDS)


@pytest.mark.usefixtures("cast")
def test_an_administrator_made_on_the_machine_is_made_by_nobody_and_written_down() -> None:
    made = actions.create_administrator(username="root", display_name="管理员", password="sunny-bridge-42", now=NOW)
    found = [(entry.action, entry.actor, entry.object_id) for entry in AuditEntry.objects.order_by("pk")]
    assert found == [("user.created", None, str(made.pk)), ("user.made-administrator", None, str(made.pk))]


@pytest.mark.parametrize("name", sorted(DEEDS))
def test_an_action_says_who_did_it_and_when(cast: Cast, name: str) -> None:
    DEEDS[name](cast)

    entries = list(AuditEntry.objects.all())
    assert entries
    assert {(entry.actor, entry.at) for entry in entries} == {(cast.officer, NOW)}
    assert all(entry.object_type and entry.object_id for entry in entries)


@pytest.mark.parametrize("name", sorted(DEEDS))
def test_an_action_that_is_undone_leaves_no_row(cast: Cast, name: str) -> None:
    with transaction.atomic():
        DEEDS[name](cast)
        transaction.set_rollback(True)

    assert not AuditEntry.objects.exists()


def test_a_number_of_a_person_never_comes_into_the_log_wherever_it_was_typed(cast: Cast) -> None:
    number, digest = "13900000001", "a13900000001b" + "c" * 51
    actions.write_audit(
        action="unit.renamed",
        actor=cast.officer,
        target=cast.village,
        at=NOW,
        reason=f"村支书电话{number}",
        was=[{"note": f"联系 139-0000-0001，共 {7} 户"}, 7],
        username=number,
        digest=digest,
    )
    actions.note_export(
        actor=cast.officer, table="records", address=f"/records/?q={number}", ending="xlsx", rows=3, now=NOW
    )
    renamed, exported = AuditEntry.objects.order_by("pk")
    assert renamed.details["reason"] == "村支书电话139****0001"
    assert renamed.details["was"] == [{"note": "联系 139-****-0001，共 7 户"}, 7]
    assert (renamed.details["username"], renamed.details["digest"]) == (number, digest)
    assert exported.details == {"address": "/records/?q=139****0001", "format": "xlsx", "rows": 3}
