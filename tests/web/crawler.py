"""Follows what a page shows: its links, and its forms with what stands in them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

from django.urls import Resolver404, resolve

Attributes = list[tuple[str, str | None]]
# What a form is handed in with: nothing is typed, all that stands in it goes along.
SILENT = ("file", "submit", "button", "image", "reset")


@dataclass(frozen=True, slots=True)
class Step:
    """Where a link or a form leads. ``data`` is what the form sends."""

    method: str
    address: str
    data: Mapping[str, str] = field(default_factory=dict)

    @property
    def pattern(self) -> str:
        """The name of the address; empty for one that the site does not know."""
        try:
            return resolve(urlsplit(self.address).path).view_name
        except Resolver404:
            return ""

    @property
    def asked(self) -> frozenset[str]:
        return frozenset(part.partition("=")[0] for part in urlsplit(self.address).query.split("&"))


class _Reader(HTMLParser):
    """Collects the steps of one page."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address, self.found = address, list[Step]()
        self.form: tuple[str, str, dict[str, str]] | None = None
        self.select = ""

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "a" and told.get("href"):
            self._add("get", told["href"], {})
        elif tag == "form":
            self.form = told.get("method", "get").lower(), told.get("action", ""), {}
        elif self.form is not None:
            self._fill(tag, told, self.form[2])
        for name in ("hx-get", "hx-post"):
            if told.get(name):
                self._add(name[3:], told[name], {})

    def _fill(self, tag: str, told: dict[str, str], data: dict[str, str]) -> None:
        name = told.get("name", "")
        if tag == "select":
            self.select = name
        elif tag == "option" and self.select and ("selected" in told or self.select not in data):
            data[self.select] = told.get("value", "")
        elif tag == "textarea" or (tag == "button" and name not in data):
            data.setdefault(name, told.get("value", ""))
        elif tag == "input" and told.get("type", "text") not in SILENT and _is_sent(told):
            data[name] = told.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self.select = ""
        if tag == "form" and self.form is not None:
            method, action, data = self.form
            data.pop("", None)
            self._add(method, action, data)
            self.form = None

    def _add(self, method: str, target: str, data: dict[str, str]) -> None:
        address = urldefrag(urljoin(self.address, target)).url
        if address.startswith("/") and method != "dialog":
            self.found.append(Step(method, address, data))


def _is_sent(told: dict[str, str]) -> bool:
    return told.get("type") not in ("checkbox", "radio") or "checked" in told


def read_steps(answer: Any, address: str) -> Iterator[Step]:
    """The steps that a page shows; none for a file."""
    if answer.streaming or not answer.headers.get("Content-Type", "").startswith("text/html"):
        return
    reader = _Reader(address)
    reader.feed(answer.content.decode())
    yield from reader.found
