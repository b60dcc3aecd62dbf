"""Markup that somebody typed: on every page that shows it, it is text."""

from html import escape
from html.parser import HTMLParser

import pytest

from tests.attack.ground import ADDRESSES, NUMBER, RECORD, fetch, find_path
from tests.web.cast import Cast
from tests.web.conftest import Visit
from wuzha.web.accounts.models import Unit, User
from wuzha.web.campaign.models import (
    DraftPaper,
    Evidence,
    PlanVersion,
    Record,
)

HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    '"><svg onload=alert(1)>',
    "{{7*7}}{% debug %}<b onmouseover=alert(1)>",
    "\u202e<a href=javascript:alert(1)>x</a>",
    "' autofocus onfocus=alert(1) x='",
    "--><iframe srcdoc='<script>alert(1)</script>'>",
)


class Finder(HTMLParser):
    """Everything in a page that would run, or lead to something that runs."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        runs = tag == "script" and "src" not in values and values.get("type") != "application/json"
        runs |= any(name.startswith("on") or name == "srcdoc" for name in values)
        runs |= any(
            values.get(name, "").strip().lower().startswith("javascript:") for name in ("href", "src", "action")
        )
        if runs or tag in ("iframe", "object", "embed"):
            self.found.append(f"<{tag} {values}>"[:200])


def find_running(page: str) -> list[str]:
    finder = Finder()
    finder.feed(page)
    return finder.found


def plant(text: str) -> None:
    """The text in the free fields of everything that the pages show."""
    Unit.objects.filter(code__in=("SQ0101", "SQ01")).update(name=text[:40])
    User.objects.filter(username__in=("secretary", "town_officer")).update(display_name=text[:40])
    Record.objects.filter(pk=RECORD).update(note=text, place=text, audience=text)
    Evidence.objects.filter(pk=RECORD).update(name=text)
    PlanVersion.objects.filter(pk=NUMBER).update(title=text)
    DraftPaper.objects.update(title=text)


def test_the_finder_finds() -> None:
    assert all(find_running(f"<p>{text}</p><p x='{text}'>") for text in HOSTILE)


@pytest.mark.usefixtures("no_rates")
@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_what_is_typed_runs_on_no_page(ground: Cast, visit: Visit, number: int) -> None:
    """Every page meets every second text or so: pages go by turns, so that a run stays short."""
    plant(HOSTILE[number])
    browser = visit(ground.officer)
    ran, shown = [], 0
    for place, (name, values) in enumerate(ADDRESSES):
        if place % 3 != number % 3:
            continue
        answer, body = fetch(browser, "get", find_path(name, values))
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            page = body.decode()
            shown += escape(HOSTILE[number][:12]) in page
            ran += [(name, found) for found in find_running(page)]
    assert ran == []
    assert shown, "some page shows the text"
