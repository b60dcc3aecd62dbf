"""What must hold on every database, whatever language it was set up for."""

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.web.cast import Cast
from tests.web.conftest import Visit
from wuzha.web.accounts.access import is_below
from wuzha.web.accounts.models import Unit

# What SQLite calls writing every commit through.
FULL = 2
# Signs that languages sort close together, ignore, or put elsewhere than their bytes: case, width, hyphens, Chinese.
SIGNS = "aAbBäａＡ019-_.～·村镇一"
CODES = st.lists(st.text(SIGNS, min_size=1, max_size=3), min_size=1, max_size=6, unique=True)


def make_units(codes: list[str]) -> list[str]:
    """Each code as a unit of its own with another below it; the paths."""
    paths = [path for code in codes for path in (f"{code}/", f"{code}/b/")]
    Unit.objects.bulk_create(
        Unit(code=f"{number}", name=path, kind="village", path=path) for number, path in enumerate(paths)
    )
    return paths


class PathsOfUnits(TestCase):
    @given(CODES)
    def test_a_subtree_holds_the_paths_that_begin_with_its_own_and_no_others(self, codes: list[str]) -> None:
        paths = make_units(codes)
        for path in paths:
            found = Unit.objects.filter(is_below(path)).values_list("path", flat=True)
            assert set(found) == {other for other in paths if other.startswith(path)}

    @given(CODES)
    def test_units_come_in_the_order_of_the_signs_of_their_paths(self, codes: list[str]) -> None:
        paths = make_units(codes)
        assert list(Unit.objects.order_by("path").values_list("path", flat=True)) == sorted(paths)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/units/%00/", 404),
        ("/units/%00/standing/", 404),
        ("/units/%00/people/", 404),
        ("/standings/%00/", 404),
        ("/today/work/?unit=%00", 404),
        ("/records/new/?unit=%00", 404),
        ("/records/new/?words=%00", 200),
        ("/records/?unit=%00", 200),
        ("/units/?words=%00", 200),
    ],
)
def test_a_nul_in_an_address_finds_nothing_and_breaks_nothing(
    cast: Cast, visit: Visit, address: str, status: int
) -> None:
    assert visit(cast.officer).get(address).status_code == status


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL writes through by itself")
def test_what_is_acknowledged_is_written_through_to_the_disk() -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous")
        assert cursor.fetchone()[0] == FULL
