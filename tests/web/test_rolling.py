"""The release before goes on serving while the tables are changed, and after: nothing that it needs goes away."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, migrations, models, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.utils import timezone

from tests.web.cast import Cast
from wuzha.web.growing import AddIndexAside, check_migration, find_faults, find_lacks, list_released, read_released

# Changes that were made before the rule was: no installation had more than a few rows then.
EXCEPTED: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("accounts", "0007_audit_kept"): "four indexes on the audit log",
        ("accounts", "0008_posts_of_a_line"): "one post a person, unit, role and line in place of one without the line",
        ("campaign", "0031_record_replaced"): "an index on the ledger",
    }
)


def check(*done: Operation) -> list[str]:
    """What is wrong with a new change of the room of people that does this."""
    loader = MigrationLoader(None)
    state = loader.project_state([*read_released().items()])
    new = type("Migration", (migrations.Migration,), {"operations": list(done)})
    return list(check_migration(new("9999_new", "accounts"), state, set()))


def test_every_new_change_of_the_tables_is_one_that_the_release_before_can_live_with() -> None:
    assert {key: told for key, told in find_faults().items() if key not in EXCEPTED} == {}


def test_what_is_excepted_is_there_and_still_needs_it() -> None:
    assert set(find_faults()) >= set(EXCEPTED)


@pytest.mark.parametrize(
    ("operation", "told"),
    [
        (migrations.RemoveField("user", "display_name"), "still asks for it"),
        (migrations.RenameField("user", "display_name", "name"), "still asks for it"),
        (migrations.DeleteModel("RosterUpload"), "still asks for it"),
        (migrations.RenameModel("RosterUpload", "Roster"), "still asks for it"),
        (migrations.AlterModelTable("rosterupload", "other"), "still asks for it"),
        (migrations.AddField("user", "phone", models.CharField(max_length=20, default="")), "db_default"),
        (migrations.AlterField("unit", "parent", models.ForeignKey("accounts.Unit", models.PROTECT)), "leave it empty"),
        (migrations.AlterField("unit", "name", models.CharField(max_length=20)), "another kind"),
        (migrations.AlterField("unit", "name", models.TextField()), "another kind"),
        (migrations.AddIndex("auditentry", models.Index(fields=["at"], name="a")), "AddIndexAside"),
        (
            migrations.AddConstraint("unit", models.UniqueConstraint(fields=["name"], name="a")),
            "would be refused",
        ),
        (migrations.RunSQL("ALTER TABLE accounts_unit DROP COLUMN name"), "takes away"),
    ],
)
def test_what_the_release_before_could_not_live_with_is_refused(operation: Operation, told: str) -> None:
    assert [told in one for one in check(operation)] == [True]


@pytest.mark.parametrize(
    "operation",
    [
        migrations.AddField("user", "phone", models.CharField(max_length=20, db_default="")),
        migrations.AddField("user", "left_on", models.DateField(null=True)),
        migrations.AlterField("unit", "name", models.CharField(max_length=400)),
        migrations.AddIndex("unit", models.Index(fields=["name"], name="a")),
        AddIndexAside("auditentry", models.Index(fields=["at"], name="a")),
        migrations.RunSQL("UPDATE accounts_unit SET name = name"),
        migrations.RemoveConstraint("unit", "unit_closes_after_it_opens"),
    ],
)
def test_what_only_adds_is_let_through(operation: Operation) -> None:
    assert check(operation) == []


def test_a_table_that_no_release_has_had_may_be_changed_as_one_likes() -> None:
    made = migrations.CreateModel(
        "Fresh", [("id", models.BigAutoField(primary_key=True)), ("a", models.IntegerField())]
    )
    assert check(made, migrations.RemoveField("fresh", "a")) == []


def test_the_marker_names_changes_that_exist_and_lies_behind_the_present() -> None:
    loader = MigrationLoader(None)
    assert list_released(loader) < set(loader.graph.nodes)


# --- the database as it is now, and the program of before -------------------------------------------------------------


def read_before() -> Any:
    """The models as the release before has them."""
    loader = MigrationLoader(connection)
    state: ProjectState = loader.project_state([*read_released().items()])
    return state.apps


@pytest.mark.django_db
def test_the_release_before_finds_all_that_it_asks_for() -> None:
    assert find_lacks() == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("statement", "lack"),
    [
        ("ALTER TABLE accounts_attribute DROP COLUMN source", "accounts_attribute.source is gone"),
        ("ALTER TABLE campaign_look RENAME TO campaign_gaze", "campaign_look is gone"),
    ],
)
def test_what_is_missing_is_found(statement: str, lack: str) -> None:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(statement)
        assert find_lacks() == [lack]
        transaction.set_rollback(True)


def test_the_release_before_keeps_a_record_and_its_entry_in_the_tables_of_now(cast: Cast) -> None:
    before, now = read_before(), timezone.now()
    author = before.get_model("accounts", "User").objects.get(username="secretary")
    unit = before.get_model("accounts", "Unit").objects.get(code="SQ0101")
    record = before.get_model("campaign", "Record").objects.create(
        id=uuid4(),
        unit=unit,
        kind="rally",
        happened_on=date(2026, 3, 5),
        author=author,
        recorded_at=now,
        received_at=now,
    )
    before.get_model("accounts", "AuditEntry").objects.create(
        action="record.added", actor=author, object_type="record", object_id=str(record.pk), at=now, details={}
    )
    person = before.get_model("accounts", "User").objects.create(username="new", display_name="新来的")
    before.get_model("accounts", "Post").objects.create(user=person, unit=unit, role="secretary")

    for name in ("User", "Unit", "Post", "AuditEntry"):
        assert before.get_model("accounts", name).objects.order_by("-pk").first() is not None
