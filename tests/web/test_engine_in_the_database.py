"""The engines' SQL text runs in the site's own database too, whichever it is."""

from typing import Any

import pytest
from django.db import connection

from tests.adapters.engine_cases import Case, make_case
from tests.adapters.test_engines_equal import compare
from wuzha.adapters.columns.assess import name_records, stand_tables
from wuzha.adapters.columns.ledger import make_columns
from wuzha.adapters.columns.sql import open_postgresql, open_sqlite
from wuzha.adapters.columns.tables import make_tables
from wuzha.adapters.columns.text import SUMMED


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(15))
def test_the_database_of_the_site_stands_by_the_specification(seed: int) -> None:
    case = make_case(seed, duties=12)
    compare(count_there(case), case)


def count_there(case: Case) -> Any:
    ground = case.ground
    columns = make_columns(case.ledger)
    tables = make_tables(plan=ground.plan, tree=ground.tree, kinds=ground.kinds, columns=columns, as_of=ground.as_of)
    with connection.cursor() as cursor:
        opened = open_postgresql(cursor.cursor, tables) if connection.vendor == "postgresql" else open_sqlite(tables)
        with opened as session:
            counted = session.count()
    return name_records(tables, stand_tables(ground, tables, counted, SUMMED)).standings
