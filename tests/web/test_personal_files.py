"""Every file that a page gives out is taken out once: one that names somebody is given after a fresh proof alone."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tests.web.access_ask import Asker
from tests.web.access_table import LINES, Line
from tests.web.cast import PEOPLE
from tests.web.test_access_table import asker, name_line
from wuzha.web.accounts.personal_files import FILES, TABLES
from wuzha.web.accounts.signin.sessions import Mark, to_epoch, write_mark

__all__ = ["asker"]
pytestmark = pytest.mark.django_db
PROOF = "请确认是您本人"
SHOWN = {shown for _name, shown, *_ in PEOPLE}
# Whoever of them may, takes it.
TAKERS = ("officer", "administrator", "town_officer", "secretary")


def list_files() -> Iterator[tuple[Line, str]]:
    """Every page with each of its tables, and the addresses that are files themselves."""
    for line in LINES:
        yield from ((line, table) for table in line.tables)
        if line.name in FILES:
            yield line, ""


CASES = list(list_files())
files = pytest.mark.parametrize(("line", "table"), CASES, ids=[f"{name_line(one)}-{table}" for one, table in CASES])


def ask(asker: Asker, who: str, line: Line, table: str) -> Any:
    return asker.send(who, "get", line, **({"format": "csv", "table": table} if table else {}))


def is_file(answer: Any) -> bool:
    return answer.status == 200 and "Content-Disposition: attachment" in answer.text


def is_listed(line: Line, table: str) -> bool:
    return line.name in FILES or table in TABLES.get(line.name, ())


@files
def test_a_file_that_names_somebody_stands_in_the_list(asker: Asker, line: Line, table: str) -> None:
    given = [answer for who in TAKERS if is_file(answer := ask(asker, who, line, table))]

    assert given, "nobody takes it out"
    named = sorted({name for answer in given for name in SHOWN if name in answer.text})
    assert is_listed(line, table) or not named, f"{line.name} {table} names {named}: name it in personal_files.py"


@files
def test_a_file_of_the_list_is_given_after_a_proof_and_every_other_one_at_once(
    asker: Asker, line: Line, table: str
) -> None:
    taker = next(who for who in TAKERS if is_file(ask(asker, who, line, table)))
    stale = Client(headers={"Accept": "text/html"})
    stale.force_login(asker.world.cast.people[taker])
    now, session = to_epoch(asker.world.now), stale.session
    write_mark(session, Mark(0, began=now, seen=now + 86_400, proved=now - settings.STEP_UP_S - 60))
    session.save()
    answer: Any = stale.get(asker.write_address(line, **({"format": "csv", "table": table} if table else {})))

    assert answer.streaming is not is_listed(line, table)
    if is_listed(line, table):
        assert PROOF in answer.content.decode()
        assert "attachment" not in answer.headers.get("Content-Disposition", "")


def test_the_list_names_no_page_and_no_table_that_is_gone() -> None:
    there = {(line.name, table) for line, table in CASES}
    assert {(name, table) for name, tables in TABLES.items() for table in tables} <= there
    assert {name for name, table in there if not table} == set(FILES)
