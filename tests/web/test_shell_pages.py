"""The frame around every page."""

import pytest

from tests.web.cast import Cast
from tests.web.conftest import Visit


@pytest.mark.parametrize("address", ["/today/", "/units/", "/me/"])
def test_a_page_names_the_person_and_the_rooms(cast: Cast, visit: Visit, address: str) -> None:
    page = visit(cast.officer).get(address).content.decode()

    assert "县联席办专干" in page
    assert "/units/" in page
