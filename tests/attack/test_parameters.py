"""Addresses and what stands behind their question mark: whatever is asked, no page fails."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle
from typing import Any
from urllib.parse import quote

import pytest
from django.http import QueryDict
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.attack.ground import ADDRESSES, ask, find_path
from tests.web.cast import Cast
from tests.web.conftest import Visit

HOSTILE: tuple[str | bytes, ...] = (
    "\0",
    "-1",
    "9" * 400,
    "1e999",
    "NaN",
    b"\xed\xa0\x80",  # half a pair, which is no UTF-8
    "0001-01-01",
    "9999-12-31",
    "9999-12-31T23:59:59.999999+00:00",
    "２０２６-０２-３０",
    "' OR 1=1 --",
    "{{7*7}}{% debug %}",
    "../../../../etc/passwd",
    "%00%0d%0aSet-Cookie: a=b",
    "\u202e<img src=x onerror=alert(1)>",
    "A" * 20_000,
    "[]",
)
# What a template would find in the list of parameters rather than in the object.
OF_TEMPLATES = ("items", "keys", "dict", "urlencode", "lists")
# Beyond every number, page and day that a database takes.
NUMBERS = ("999999999999999999", "99999999999999999999999999")


class Spy:
    """Writes down which parameters are asked for while a page is made."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def watch(self, ask_for: Callable[..., Any]) -> Callable[..., Any]:
        def watched(query: QueryDict, name: str, *told: Any, **named: Any) -> Any:
            self.names.add(name)
            return ask_for(query, name, *told, **named)

        return watched


@contextmanager
def spy_on_queries() -> Iterator[Spy]:
    spy = Spy()
    with pytest.MonkeyPatch.context() as patch:
        for method in ("__getitem__", "__contains__", "get", "getlist"):
            patch.setattr(QueryDict, method, spy.watch(getattr(QueryDict, method)))
        yield spy


def list_parameters(browser: Client) -> list[tuple[str, tuple[str, ...]]]:
    """Each page that opens with each parameter that it reads; those of templates, which no page reads, come at once."""
    found: list[tuple[str, tuple[str, ...]]] = []
    for name, values in ADDRESSES:
        path = find_path(name, values)
        with spy_on_queries() as spy:
            status, _ = ask(browser, "get", path)
        if status < 400:
            found += [(path, (name,)) for name in sorted(spy.names - {*OF_TEMPLATES})] + [(path, OF_TEMPLATES)]
    return found


def find_failures(browser: Client, asked: list[tuple[str, tuple[str, ...], str | bytes]]) -> list[tuple[str, str]]:
    failed = []
    for path, names, value in asked:
        told = quote(value, safe="")
        address = f"{path}?{'&'.join(f'{name}={told}' for name in names)}"
        try:
            status, _ = ask(browser, "get", address)
        except Exception as error:  # the client raises what a view raised: that is the failure looked for
            failed.append((address[:120], repr(error)[:200]))
            continue
        if status >= 500:
            failed.append((address[:120], str(status)))
    return failed


@pytest.mark.usefixtures("no_rates")
def test_no_page_fails_whatever_a_parameter_that_it_reads_says(ground: Cast, visit: Visit) -> None:
    """Every parameter of every page, each with the next hostile value, so that each value meets many pages."""
    browser = visit(ground.officer)
    parameters = list_parameters(browser)
    assert len(parameters) > 400

    asked = [(path, names, value) for (path, names), value in zip(parameters, cycle(HOSTILE), strict=False)]
    assert find_failures(browser, asked) == []


@pytest.mark.usefixtures("no_rates")
def test_no_page_fails_when_a_parameter_comes_twice_or_as_a_list(ground: Cast, visit: Visit) -> None:
    browser = visit(ground.officer)
    twice = "as_of=2026-03-01&as_of=2026-99-99&page=1&page=&unit=SQ&unit[]=SQ01&kind=rally&kind=x&format=&view=a&view=b"
    asked = [find_path(name, values) for name, values in ADDRESSES if name.split(":")[-1] in LISTS]
    assert len(asked) > 10
    assert [path for path in asked if ask(browser, "get", f"{path}?{twice}")[0] >= 500] == []


LISTS = (
    *("units", "unit", "records", "sites", "standings", "papers", "plans", "findings", "inspections", "scores"),
    *("supervision", "titles", "today", "work", "calendar", "looks", "tables", "briefings", "records-held"),
)


@pytest.mark.usefixtures("no_rates")
def test_no_page_fails_at_a_number_that_nothing_has(ground: Cast, visit: Visit) -> None:
    """Numbers larger than a database counts, and codes with signs that no code has."""
    browser = visit(ground.officer)
    failed = []
    for name, values in ADDRESSES:
        numbers = [key for key, value in values.items() if isinstance(value, int)]
        texts = [key for key, value in values.items() if isinstance(value, str) and key != "version"]
        tried = [dict.fromkeys(numbers, number) for number in NUMBERS if numbers]
        tried += [dict.fromkeys(texts, text) for text in ("\0", "A" * 3000) if texts]
        for other in tried:
            path = find_path(name, values | other)
            method = "post" if other == tried[0] else "get"
            failed += [path[:200]] if ask(browser, method, path)[0] >= 500 else []
    assert failed == []


@pytest.mark.usefixtures("no_rates")
def test_no_page_fails_at_anything_that_hypothesis_thinks_of(ground: Cast, visit: Visit) -> None:
    browser = visit(ground.officer)
    pages = [find_path(name, values) for name, values in ADDRESSES if name.split(":")[-1] in LISTS]
    names = st.sampled_from(
        ["as_of", "known", "page", "unit", "kind", "words", "near", "duty", "format", "table", "view"]
    )
    queries = st.dictionaries(names, st.text(max_size=20) | st.integers().map(str) | st.dates().map(str), max_size=4)

    @settings(max_examples=settings().max_examples, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(pages), queries)
    def hold(path: str, query: dict[str, str]) -> None:
        told = "&".join(f"{name}={quote(value.encode('utf-8', 'surrogatepass'))}" for name, value in query.items())
        assert ask(browser, "get", f"{path}?{told}")[0] < 500

    hold()
