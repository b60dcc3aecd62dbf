"""What is made ready when the site starts."""

from datetime import date

import pytest
from django.db import connection

from tests.web.cast import Cast
from wuzha.web.campaign.start import prepare_pages

pytestmark = pytest.mark.django_db


def test_an_empty_site_starts_too() -> None:
    assert prepare_pages(date(2026, 3, 20)) == 0


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps its statistics itself")
def test_the_database_knows_its_tables_after_the_start(cast: Cast) -> None:
    prepare_pages(date(2026, 3, 20))

    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM sqlite_stat1 WHERE tbl = 'accounts_unit'")
        assert cursor.fetchone()[0] > 0
