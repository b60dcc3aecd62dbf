"""Every page of the site, met by somebody whom it does not concern.

The list of addresses is walked from the URL configuration itself: a new page without a line below fails here.
"""

from collections.abc import Iterator
from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.web.cast import Cast
from tests.web.conftest import Visit

# Open to everybody, logged in or not.
PUBLIC = {"set_language", "accounts:log-in"}
# A person's own pages: they show nothing of a unit that no post opens.
OWN = {
    "accounts:home",
    "accounts:log-out",
    "accounts:me",
    "accounts:change-password",
    "accounts:units",
    "campaign:today",
    "campaign:plans",
    "campaign:plan-upload",
    "campaign:standings",
    "campaign:records",
    "campaign:record-new",
}
# Pages for officers at the root: an outsider is told that their post does not allow it.
ROOT_ONLY = {"accounts:roster", "accounts:roster-preview", "accounts:roster-confirm", "accounts:roster-template"}
# Names of arguments that say whose object is asked for; the value belongs to 青石镇, or does not exist at all.
FOREIGN: dict[str, object] = {
    "code": "SQ01",
    "number": 1,
    "plan": 1,
    "duty": 1,
    "pk": UUID("018f3c1e-0000-7000-8000-000000000001"),
}
SECRETS = ("青石镇", "柳湾村", "东社区")


def walk(patterns: list[URLPattern | URLResolver], space: str = "") -> Iterator[tuple[str, dict[str, object]]]:
    """Each named address with a value for each of its arguments."""
    for item in patterns:
        if isinstance(item, URLResolver):
            yield from walk(item.url_patterns, f"{item.namespace}:" if item.namespace else space)
        else:
            yield f"{space}{item.name}", {name: choose_value(name, item) for name in item.pattern.converters}


def choose_value(name: str, item: URLPattern) -> object:
    assert name in FOREIGN, f"{item.name}: say in FOREIGN which {name} an outsider asks for"
    return FOREIGN[name]


ADDRESSES = sorted(walk(get_resolver().url_patterns), key=lambda address: address[0])
GUARDED = [address for address in ADDRESSES if address[0] not in PUBLIC | OWN | ROOT_ONLY]


def test_every_list_above_names_pages_that_exist() -> None:
    assert {name for name, _ in ADDRESSES} >= PUBLIC | ROOT_ONLY | {
        name for name in OWN if name.startswith("accounts:")
    }


@pytest.mark.parametrize(("name", "values"), GUARDED)
@pytest.mark.parametrize("method", ["get", "post"])
def test_an_outsider_learns_nothing_of_a_unit_not_even_that_it_exists(
    cast: Cast, visit: Visit, name: str, values: dict[str, object], method: str
) -> None:
    answer = getattr(visit(cast.outsider), method)(reverse(name, kwargs=values))

    # 405 for the wrong method says nothing about the object either.
    assert answer.status_code in (404, 405), f"{name} answers {answer.status_code}: it must be 404, or stand in a list"
    assert not any(secret in answer.content.decode() for secret in SECRETS)


@pytest.mark.parametrize(("name", "values"), [address for address in ADDRESSES if address[0] in OWN])
def test_an_outsider_sees_nothing_of_others_on_their_own_pages(
    cast: Cast, visit: Visit, name: str, values: dict[str, object]
) -> None:
    answer = visit(cast.outsider).get(reverse(name, kwargs=values), follow=True)

    assert answer.status_code in (200, 405)
    assert not any(secret in answer.content.decode() for secret in SECRETS)


@pytest.mark.parametrize(("name", "values"), [address for address in ADDRESSES if address[0] in OWN])
def test_a_person_without_a_post_sees_no_unit(cast: Cast, visit: Visit, name: str, values: dict[str, object]) -> None:
    answer = visit(cast.nobody).get(reverse(name, kwargs=values), follow=True)

    assert answer.status_code in (200, 403, 405)
    assert not any(secret in answer.content.decode() for secret in (*SECRETS, "石桥县", "河口镇"))


@pytest.mark.parametrize("name", sorted(ROOT_ONLY))
@pytest.mark.parametrize("who", ["outsider", "town_officer", "secretary", "supervisor", "nobody"])
def test_the_roster_is_for_the_officer_at_the_root(cast: Cast, visit: Visit, name: str, who: str) -> None:
    browser = visit(cast.people[who])
    answers = {browser.get(reverse(name)).status_code, browser.post(reverse(name)).status_code}

    assert answers <= {403, 405}
    assert 403 in answers


@pytest.mark.parametrize(("name", "values"), [address for address in ADDRESSES if address[0] not in PUBLIC])
def test_a_stranger_is_sent_to_the_log_in(db: None, name: str, values: dict[str, object]) -> None:
    answer = Client().get(reverse(name, kwargs=values))

    assert answer.status_code in (302, 405)
    assert answer.status_code == 405 or answer.headers["Location"].startswith(("/log-in/", "/today/"))
