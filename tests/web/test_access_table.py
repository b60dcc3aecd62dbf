"""Every address of the site, asked by everybody, answers as the one table in ``access_table.py`` says.

The list of addresses is walked from the URL configuration: an address, a method or an export without its line fails.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.plugin import DjangoDbBlocker

import wuzha.web
from tests.web.access_ask import (
    ADDRESSES,
    PERSONS,
    STRANGER,
    Asker,
    find_status,
    find_told,
    keep_world,
    read_database,
)
from tests.web.access_page import write_page
from tests.web.access_table import LINES, Line

HERE = "tests/web/access_table.py"
WAY_IN = ("/log-in/",)
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def asker(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Asker]:
    """One world for all tests here; it is gone after them, and no request leaves anything in it."""
    with keep_world(django_db_blocker, tmp_path_factory.mktemp("evidence")) as kept:
        yield kept


def name_line(line: Line) -> str:
    asked = f"?{line.ask}" if line.ask else ""
    return f"{line.name}({' '.join(f'{name}={value}' for name, value in line.at.items())}){asked}"


# Of each sort one, for what is asked often; everybody asks for every page and sends every form.
TAKING = ("town_officer", "line_officer", "analyst", "outsider", STRANGER)
SENDING = ("secretary", "administrator", "outsider")
lines = pytest.mark.parametrize("line", LINES, ids=name_line)


def test_every_address_has_its_line_and_every_line_its_address() -> None:
    lined = {line.address for line in LINES}

    missing = sorted(f"{name}({', '.join(sorted(given))})" for name, given in ADDRESSES - lined)
    assert not missing, (
        f"nobody has said who may what at {missing}: add a Line with its name, what it is, who may look and who may"
        f" change to its room in {HERE}, then run `make access`"
    )
    gone = sorted(name for name, _ in lined - ADDRESSES)
    assert not gone, f"{HERE} has lines for addresses that are no more: {gone}"


def test_the_page_for_officials_is_as_the_table() -> None:
    page = Path(__file__).parents[2] / "docs" / "access.md"

    assert page.read_text() == write_page(), "docs/access.md is not as the table: run `make access` and commit it"


@lines
def test_who_may_look_is_answered_and_who_may_not_learns_nothing(asker: Asker, line: Line) -> None:
    wrong = []
    for name, person in PERSONS.items():
        answer = asker.look(name, line)
        expected = find_status(line.look, person, line)
        if not is_as_told(answer.status, expected, name, line.look is None):
            wrong.append(f"{name} is answered {answer.status}, the table says {expected}")
        if name == STRANGER and answer.status == 302 and line.look and line.look.stranger is None:
            assert answer.goes_to.startswith(WAY_IN), f"a stranger is sent to {answer.goes_to}"
        wrong += [f"{name} reads {word}" for word in find_told(answer.text, person)]
        wrong += [f"{name} only looks, and it is written: {sql}" for sql in answer.wrote if answer.status >= 400]
    assert not wrong, f"{name_line(line)}, GET: {'; '.join(wrong)}. {say_where(line, 'look')}"


@lines
def test_who_may_change_is_answered_and_who_may_not_changes_nothing(asker: Asker, line: Line) -> None:
    wrong = []
    for name, person in PERSONS.items():
        answer = asker.send(name, "post", line)
        expected = find_status(line.change, person, line)
        if not is_as_told(answer.status, expected, name, line.change is None):
            wrong.append(f"{name} is answered {answer.status}, the table says {expected}")
        if answer.status in (401, 403, 404, 405) or (name == STRANGER and expected != answer.status):
            wrong += [f"{name} is refused, and it is written: {sql}" for sql in answer.wrote]
        wrong += [f"{name} reads {word}" for word in find_told(answer.text, person)]
    assert not wrong, f"{name_line(line)}, POST: {'; '.join(wrong)}. {say_where(line, 'change')}"


def is_as_told(status: int, expected: int, name: str, is_no_method: bool) -> bool:
    """A method that is not there may also send a stranger to the log-in first."""
    return status == expected or (is_no_method and name == STRANGER and status in (302, 401, 404))


def say_where(line: Line, gate: str) -> str:
    return f"If that is meant, say so in `{gate}` of its Line in {HERE}; if not, mend access.py"


# --- files that go out of pages --------------------------------------------------------------------------------------


WITH_TABLES = tuple(line for line in LINES if line.tables)


@lines
def test_a_page_gives_out_the_tables_that_its_line_names_and_no_other(asker: Asker, line: Line) -> None:
    if line.look is None:
        return
    given = {table for name in PERSONS for table in asker.look(name, line).tables}

    assert given == set(line.tables), (
        f"{name_line(line)} gives out the tables {sorted(given)}: name them in `tables` of its Line in {HERE}"
    )


def test_every_table_of_the_site_stands_in_a_line() -> None:
    named = {table for line in LINES for table in line.tables}
    there = {name for path in Path(wuzha.web.__file__).parent.rglob("*.py") for name in list_table_names(path)}

    missing = sorted(name for name in there if not any(one.startswith(name) for one in named))
    assert not missing, f"no page of {HERE} gives out these tables: {missing}. Name each in `tables` of its Line"
    assert len(there) > 40, "the tables of the site are found"


def list_table_names(path: Path) -> Iterator[str]:
    """The first words of every ``Table("units", …)`` in a file."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Table" and node.args:
            name = node.args[0]
            name = name.values[0] if isinstance(name, ast.JoinedStr) else name
            if isinstance(name, ast.Constant):
                yield str(name.value)


@pytest.mark.parametrize("line", WITH_TABLES, ids=name_line)
def test_a_table_that_goes_out_holds_no_more_than_its_page(asker: Asker, line: Line) -> None:
    assert line.look is not None
    wrong = []
    for table in line.tables:
        for name in TAKING:
            person = PERSONS[name]
            for ending in ("csv", "xlsx") if name == "outsider" else ("csv",):
                answer = asker.send(name, "get", line, table=table, format=ending)
                expected = find_status(line.look, person, line)
                # A table that only some are shown is not there for the others.
                if answer.status not in ((200, 404) if expected == 200 else (expected,)):
                    wrong.append(f"{name} is answered {answer.status} for {table}.{ending}, the page says {expected}")
                wrong += [f"{name} reads {word} in {table}.{ending}" for word in find_told(answer.text, person)]
    assert not wrong, f"{name_line(line)}: {'; '.join(wrong)}"


# --- other methods, and what is sent by those who may not -------------------------------------------------------------


# What Django's own views and the description of the interface take without a difference; it shows nobody's data.
TAKES_ANY_METHOD = {"accounts:home", "accounts:log-in", "accounts:log-out"} | {
    "api:openapi-json",
    "api:openapi-view",
    "campaign:evidence",
    "set_language",
}
# Whoever tries to log in is counted, with whatever method it is tried.
COUNTED = {"accounts:log-in"}
BY_ADDRESS = tuple({line.address: line for line in LINES}.values())


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options"])
@pytest.mark.parametrize("name", ["town_officer", "outsider", STRANGER])
def test_no_other_method_opens_anything(asker: Asker, name: str, method: str) -> None:
    wrong = []
    for line in BY_ADDRESS:
        answer = asker.send(name, method, line)
        if answer.status not in (302, 401, 403, 404, 405) and line.name not in TAKES_ANY_METHOD:
            wrong.append(f"{name_line(line)}: {method} is answered {answer.status}")
        wrong += [f"{name_line(line)}: {method} tells of {word}" for word in find_told(answer.text, PERSONS[name])]
        if line.name not in COUNTED:
            wrong += [f"{name_line(line)}: {method} writes {sql}" for sql in answer.wrote]
    assert not wrong, "; ".join(wrong)


@pytest.mark.parametrize("name", ["outsider", STRANGER])
def test_head_answers_as_get_does_and_says_nothing(asker: Asker, name: str) -> None:
    wrong = []
    for line in LINES:
        expected = find_status(line.look, PERSONS[name], line)
        answer = asker.send(name, "head", line)
        if not is_as_told(answer.status, expected, name, line.look is None) and answer.status != 405:
            wrong.append(f"{name_line(line)}: HEAD is answered {answer.status}, GET {expected}")
        wrong += [f"{name_line(line)}: HEAD tells of {word}" for word in find_told(answer.text, PERSONS[name])]
    assert not wrong, "; ".join(wrong)


@pytest.mark.parametrize("name", SENDING)
def test_all_that_somebody_sends_who_may_not_leaves_the_database_as_it_was(asker: Asker, name: str) -> None:
    person, before, sent = PERSONS[name], read_database(), 0
    for line in LINES:
        if line.change and is_refused(find_status(line.change, person, line), line):
            asker.send_for_good(name, "post", line)
            asker.send_for_good(name, "delete", line)
            sent += 1

    after = read_database()
    assert sent > 40, "there is much that they may not"
    changed = [table for table, rows in before.items() if rows != after[table]]
    assert not changed, f"what is refused has written to {changed}"


def is_refused(status: int, line: Line) -> bool:
    # Who is led on after what they did is not refused.
    is_sent_off = status == 302 and line.change is not None and line.change.ok != 302 and line.change.moved is None
    return status in (401, 403, 404) or is_sent_off
