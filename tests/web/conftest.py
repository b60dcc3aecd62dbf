"""The cast and a browser without a screen for every test of a page."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from tests.web.cast import Cast, make_cast
from wuzha.web.accounts.coming import note_day_begun
from wuzha.web.accounts.models import User
from wuzha.web.accounts.shared_counts import forget
from wuzha.web.accounts.signin.models import SignIn
from wuzha.web.accounts.signin.sessions import Mark, to_epoch, write_mark


@pytest.fixture(autouse=True)
def begun_day() -> None:
    """Every test finds its day begun: the first request of a day asks more than the others do."""
    note_day_begun(timezone.localdate())


@pytest.fixture(scope="session")
def rates_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("rates") / "rates.sqlite3"


@pytest.fixture(autouse=True)
def no_counts(settings: Settings, rates_file: Path) -> None:
    """Nobody has asked for anything yet: people of another test had the same numbers, and so has another process."""
    settings.RATES = rates_file
    forget()


@pytest.fixture(scope="session")
def key_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys") / "ring"


@pytest.fixture(autouse=True)
def key_ring(settings: Settings, key_folder: Path) -> None:
    """Numbers of persons are sealed with keys of the tests' own, the first of which is made when it is needed."""
    settings.KEYS = key_folder


@pytest.fixture(autouse=True)
def seal_copies(settings: Settings, tmp_path: Path) -> Path:
    """Seals are copied to a file of the test's own."""
    settings.SEALS = tmp_path / "seals" / "audit-seals.txt"
    return Path(settings.SEALS)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


class Visit:
    """Logs somebody in and hands back their browser: ``visit(cast.secretary).get("/today/")``."""

    def __call__(self, user: User) -> Client:
        client = Client()
        client.force_login(user)
        mark_session(client, user)
        return client


def mark_session(client: Client, user: User, ago: timedelta = timedelta()) -> None:
    """As if the person had just logged in, or so long ago."""
    session = client.session
    at = timezone.now() - ago
    device = SignIn.objects.create(
        user=user, session_key=str(session.session_key), way="password", began_at=at, seen_at=timezone.now()
    )
    write_mark(session, Mark(device.pk, began=to_epoch(at), seen=to_epoch(timezone.now()), proved=to_epoch(at)))
    session.save()


@pytest.fixture
def visit() -> Visit:
    return Visit()
