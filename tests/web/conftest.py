"""The cast and a browser without a screen for every test of a page."""

import pytest
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

from tests.web.cast import Cast, make_cast
from wuzha.web.accounts.coming import note_day_begun
from wuzha.web.accounts.models import User


@pytest.fixture(autouse=True)
def begun_day() -> None:
    """Every test finds its day begun: the first request of a day asks more than the others do."""
    note_day_begun(timezone.localdate())


@pytest.fixture(autouse=True)
def no_counts() -> None:
    """Nobody has asked for anything yet: people of another test had the same numbers."""
    caches["rates"].clear()


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


class Visit:
    """Logs somebody in and hands back their browser: ``visit(cast.secretary).get("/today/")``."""

    def __call__(self, user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client


@pytest.fixture
def visit() -> Visit:
    return Visit()
