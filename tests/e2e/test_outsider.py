"""Somebody without a post, and somebody who has not logged in, ask for every address of the site."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from playwright.sync_api import APIResponse, Page, ViewportSize, expect

from tests.e2e.site import DESK, PHONE
from tests.e2e.steps import COUNTY, TOWN, VILLAGE
from tests.e2e.visitor import Visit, fits_its_screen
from tests.web.access_table import LINES

pytestmark = pytest.mark.browser
sizes = pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])

# Shown before logging in; everything else asks who one is.
PUBLIC = {line.name for line in LINES if any(gate and gate.stranger for gate in (line.look, line.change))}
# What a program asks for: a stranger is told so, not sent to the log-in.
FOR_PROGRAMS = {line.name for line in LINES if line.told}
# A link that opens once and never was says that it is gone.
CLOSED = {302, 401, 403, 404, 405, 410}
# What stands on nearly every page of the county and on none that concerns nobody. A code would be no witness: a
# refused page repeats the address that was asked for.
SECRETS = ("石桥县", "葭浦镇")


def find_first(page: Page, address: str, pattern: str) -> str:
    """The first group of the pattern in the links of a page."""
    page.goto(address)
    links = page.locator("main a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    found = next((match for link in links if (match := re.search(pattern, link or ""))), None)
    assert found, f"{address} has no link like {pattern}"
    return found[1]


def gather_things(page: Page) -> dict[str, str]:
    """Plans, a draft with a duty, a record: what the officer sees, for the outsider to ask for."""
    issued = find_first(page, "/standings/", rf"/standings/{COUNTY}/(\d+)/")
    page.goto("/plans/")
    issued_paper, draft_paper = write_papers(page, issued)
    drafts = find_first(page, "/plans/", rf"^/plans/((?!{issued}/)\d+)/$")
    return {
        "issued": issued,
        "plan": drafts,
        "duty": find_first(page, f"/plans/{drafts}/", r"/duties/(\d+)/$"),
        "duty_id": find_first(page, "/standings/", rf"/standings/{COUNTY}/{issued}/([^/?]+)/"),
        "record": find_first(page, "/records/", r"^/records/([0-9a-f-]{36})/"),
        "number": "1",
        "job": "018f3c1e-0000-7000-8000-000000000001",
        "link": "no-such-link",
        "what": "move",
        "kind": "uploads",
        "kind_code": "rally",
        "version": "0",
        "name": "app.js",
        "paper": issued_paper,
        "measure": find_first(page, "/supervision/", r"/supervision/measures/(\d+)/$"),
        "draft": draft_paper,
        "sort": "docx",
        "place": "0",
        "card": find_first(page, "/scores/", r"^/scores/(\d+)/"),
        "item": "tasks",
        "act": "appeal",
        "call": find_first(page, "/papers/monthly/", r"^/papers/monthly/(\d+)/$"),
    }


def write_papers(page: Page, plan: str) -> tuple[str, str]:
    """A circular on the county that was issued, and another one that is a draft: their ids."""
    for _ in range(2):
        page.goto(f"/papers/new/?form=circular&unit={COUNTY}&plan={plan}")
        page.locator("main .panel form button").first.click()
        page.wait_for_url("**/papers/drafts/*/")
    draft = page.url.split("/")[-2]
    page.goto("/papers/")
    others = page.locator(f'main a[href^="/papers/drafts/"]:not([href*="{draft}"])')
    others.first.click()
    page.locator('main form[action$="/issue/"] button').click()
    page.wait_for_url(re.compile(r"/papers/\d+/$"))
    return page.url.split("/")[-2], draft


def walk(patterns: list[URLPattern | URLResolver], space: str = "") -> Iterator[tuple[str, frozenset[str]]]:
    """Every named address with the names of its arguments."""
    for item in patterns:
        if isinstance(item, URLResolver):
            yield from walk(item.url_patterns, f"{item.namespace}:" if item.namespace else space)
        else:
            yield f"{space}{item.name}", frozenset(item.pattern.converters)


@dataclass(frozen=True, slots=True)
class Address:
    """``is_of_county``: it names a unit, plan or record of the county, which concerns nobody without a post."""

    name: str
    path: str
    is_of_county: bool


def list_addresses(things: dict[str, str]) -> Iterator[Address]:
    """Every named address of the site with real objects of the county in it, and for units each of three levels."""
    for name, arguments in sorted(walk(get_resolver().url_patterns), key=str):
        for code in (COUNTY, TOWN, VILLAGE) if "code" in arguments else ("",):
            known = things | {
                "code": code,
                "pk": things["record" if "record" in name or "evidence" in name else "issued"],
            }
            path = reverse(name, kwargs={argument: read(known[argument]) for argument in arguments})
            yield Address(name, path, bool(arguments))


def read(text: str) -> str | int:
    return int(text) if text.isdigit() else text


def read_name(page: Page, code: str) -> str:
    page.goto(f"/units/{code}/")
    return page.locator("main h1").inner_text()


def ask(page: Page, address: str) -> APIResponse:
    return page.request.get(address, max_redirects=0)


def test_an_outsider_sees_nothing_of_the_county_at_any_address(visit: Visit) -> None:
    officer = visit("officer")
    addresses = list(list_addresses(gather_things(officer)))
    secrets = (*SECRETS, read_name(officer, VILLAGE))
    outsider = visit("outsider")
    assert len(addresses) > 40, "the whole site is walked"
    for address in addresses:
        answer = ask(outsider, address.path)
        told = [secret for secret in secrets if secret in answer.text()]
        assert not told, f"{address} tells the outsider of {told}"
        assert answer.status in (CLOSED if address.is_of_county else CLOSED | {200}), f"{address}: {answer.status}"


def test_nobody_sees_anything_before_logging_in(visit: Visit) -> None:
    addresses = list(list_addresses(gather_things(visit("officer"))))
    stranger = visit(None)
    for address in addresses:
        answer = ask(stranger, address.path)
        if address.name in FOR_PROGRAMS:
            assert answer.status in (401, 405), f"{address}: {answer.status}"
        elif address.name not in PUBLIC:
            assert answer.status == 302, f"{address}: {answer.status}"
            assert answer.headers["location"].startswith("/log-in/"), address


@sizes
def test_an_outsider_is_told_what_to_do_next(visit: Visit, size: ViewportSize) -> None:
    """An empty page of their own, not an error and not a blank."""
    page = visit("outsider", size)
    for address in ("/today/", "/plans/", "/standings/", "/records/", "/units/", "/today/work/"):
        page.goto(address)
        expect(page.locator("main .empty p").first).to_be_visible()
        check_fits(page, address)


@sizes
def test_an_outsider_who_follows_a_link_of_the_county_is_refused(visit: Visit, size: ViewportSize) -> None:
    page = visit("outsider", size)
    visit.expect(403, 404)
    for address in (f"/units/{VILLAGE}/standing/", f"/standings/{COUNTY}/", "/plans/1/", "/roster/"):
        answer = page.goto(address)
        assert answer
        assert answer.status in (403, 404), address
        expect(page.locator("main h1")).to_be_visible()
        expect(page.locator('a[href="/today/"]:visible').first).to_be_visible()
        check_fits(page, address)


def check_fits(page: Page, address: str) -> None:
    """A refusal too is read without moving the page from side to side."""
    assert fits_its_screen(page), address
