"""What an attack aims at: every address with arguments that lead somewhere, and one of everything behind them."""

from typing import Any

from django.test import Client
from django.urls import reverse

from tests.adapters.photos import draw_scene, save_jpeg
from tests.web import things
from tests.web.cast import Cast
from wuzha.adapters.evidence_store import EvidenceStore
from wuzha.web.campaign.models import Evidence
from wuzha.web.campaign.queries.evidence import open_store

# Each address by its name with the arguments of something of 青石镇.
ADDRESSES: list[tuple[str, dict[str, object]]] = things.ADDRESSES
NUMBER, RECORD = things.NUMBER, things.RECORD


def make_ground(cast: Cast) -> None:
    """One of everything, of 青石镇, under :data:`NUMBER` and :data:`RECORD`."""
    things.make_things(cast)
    keep_photo(open_store())


def find_path(name: str, values: dict[str, object]) -> str:
    return reverse(name, kwargs=values)


def fetch(browser: Client, method: str, path: str, data: Any = "", **told: Any) -> tuple[Any, bytes]:
    """The answer and its whole body: what fails while it is sent fails here, and its file is closed."""
    if method in ("get", "post"):
        answer: Any = getattr(browser, method)(path, data or {}, **told)
    else:
        answer = browser.generic(method, path, data, **told)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    for close in answer._resource_closers:  # closing the answer would end the connection to the database
        close()
    return answer, body


def ask(browser: Client, method: str, path: str, **told: Any) -> tuple[int, bytes]:
    """The status and the whole body. Whatever a view raises is raised here."""
    answer, body = fetch(browser, method, path, **told)
    return answer.status_code, body


def keep_photo(folder_of: EvidenceStore) -> None:
    """The photo behind :data:`RECORD`, so that its page has something to send."""
    content = save_jpeg(draw_scene(3))
    kept = folder_of.keep(content, content)
    Evidence.objects.filter(pk=RECORD).update(sha256=kept, size=len(content))
