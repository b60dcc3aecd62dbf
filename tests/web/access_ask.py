"""How a test asks an address as somebody, and reads all that the answer says."""

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import unquote, urlencode

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from tests.web.access_model import EVERYBODY, OFFICER, SUPERVISOR, Held, Land, Person, Place
from tests.web.access_table import SECRETS, Gate, Line
from tests.web.access_world import COMING, KEY_OF, World, make_world
from tests.web.cast import PEOPLE, UNITS
from wuzha.web.accounts.coming import note_day_begun
from wuzha.web.accounts.signin.sessions import Mark, to_epoch, write_mark
from wuzha.web.campaign.queries.totals import forget_counts

STRANGER = "stranger"
LAND = Land({code: Place(code, above, kind, line) for code, _name, kind, line, above in UNITS})
ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
WRITES = ("INSERT", "UPDATE", "DELETE")


# The posts that the list of the cast has not: of one line, standing in for another, the second of a person.
UNUSUAL = (
    ("line_officer", Held("SQ", OFFICER, "education")),
    ("deputy", Held("SQ01", OFFICER, stands_in=True)),
    ("two_posts", Held("SQ01", SUPERVISOR)),
)


def list_people() -> dict[str, Person]:
    """Everybody who asks: the cast, one whose post begins tomorrow, one without a post, and who is not logged
    in. Told from the list of the cast, not from the database."""
    posts: dict[str, list[Held]] = {}
    for name, _shown, code, role in PEOPLE:
        posts.setdefault(name, []).append(Held(code, str(role)))
    for name, held in UNUSUAL:
        posts.setdefault(name, []).append(held)
    people = {name: Person(name, tuple(held), LAND) for name, held in posts.items()}
    for name in (COMING, "nobody"):
        people[name] = Person(name, (), LAND)
    return people | {STRANGER: Person("", (), LAND)}


PERSONS: Mapping[str, Person] = list_people()
NAMES: Mapping[str, str] = {name: code for code, name, *_ in UNITS}


def walk(patterns: list[URLPattern | URLResolver], space: str = "") -> Iterator[tuple[str, frozenset[str]]]:
    """Every named address with the names of its arguments."""
    for item in patterns:
        if isinstance(item, URLResolver):
            yield from walk(item.url_patterns, f"{item.namespace}:" if item.namespace else space)
        else:
            yield f"{space}{item.name}", frozenset(item.pattern.converters)


ADDRESSES = frozenset(walk(get_resolver().url_patterns))


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: ``text`` is all that it says, with what is packed, escaped or in a header."""

    status: int
    text: str
    goes_to: str
    tables: tuple[str, ...]
    wrote: tuple[str, ...]


class Asker:
    """Asks as somebody; what a request has changed is undone after it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._looked: dict[tuple[str, str], Answer] = {}
        self._sessions = {name: self._log_in(name) for name in PERSONS if name != STRANGER}

    def _log_in(self, name: str) -> str:
        client = Client()
        client.force_login(self.world.cast.people[name])
        # Seen just now for as long as the tests last, so that no request brings the list of devices up to date.
        now, session = to_epoch(self.world.now), client.session
        write_mark(session, Mark(0, began=now, seen=now + 86_400, proved=now))
        session.save()
        return str(client.cookies[settings.SESSION_COOKIE_NAME].value)

    def write_address(self, line: Line, **more: str) -> str:
        values = {name: self.world.ids.get(value, value) for name, value in line.at.items()}
        ask = "&".join(filter(None, (line.ask.format(**self.world.ids), urlencode(more))))
        return reverse(line.name, kwargs=values) + (f"?{ask}" if ask else "")

    def look(self, name: str, line: Line) -> Answer:
        """What is answered to a GET, which is asked for once."""
        asked = name, self.write_address(line)
        if asked not in self._looked:
            self._looked[asked] = self.send(name, "get", line)
        return self._looked[asked]

    def send(self, name: str, method: str, line: Line, **more: str) -> Answer:
        """The answer, after which everything is as it was before."""
        with transaction.atomic():
            answer = self.send_for_good(name, method, line, **more)
            transaction.set_rollback(True)
        if answer.wrote:
            forget_counts()
        return answer

    def send_for_good(self, name: str, method: str, line: Line, **more: str) -> Answer:
        headers = {"Authorization": f"Bearer {KEY_OF.format(name)}"} if line.by_key and name != STRANGER else {}
        sends = {field: self.world.ids.get(value, value) for field, value in line.sends.items()}
        with watch_writes() as wrote:
            body = sends if method == "post" else {}
            found = self.go(name, method, self.write_address(line, **more), body, headers)
            text = read_text(found)
        return Answer(found.status_code, text, found.headers.get("Location", ""), _list_tables(found), tuple(wrote))

    def go(
        self,
        name: str,
        method: str,
        address: str,
        data: Mapping[str, object],
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> Any:
        """The plain answer at any address."""
        client = Client()
        if name != STRANGER:
            client.cookies[settings.SESSION_COOKIE_NAME] = self._sessions[name]
        body: dict[str, Any] = {"data": data} if data else {}
        return getattr(client, method)(address, headers=headers, **body)


def _list_tables(found: Any) -> tuple[str, ...]:
    return tuple(found.context["tables"]) if found.context and "tables" in found.context else ()


@contextmanager
def watch_writes() -> Iterator[list[str]]:
    """The statements that change a row, apart from those of the log-in itself."""
    found: list[str] = []

    def watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().upper().startswith(WRITES) and Session._meta.db_table not in sql:
            found.append(sql[:120])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield found


def read_text(found: Any) -> str:
    """All that an answer says: of a stream its pieces, of a package its parts, of what is escaped the words."""
    content = b"".join(found.streaming_content) if found.streaming else found.content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            content = b"".join(map(package.read, package.namelist()))
    text = content.decode(errors="replace") + "\n" + "\n".join(f"{name}: {value}" for name, value in found.items())
    text = ESCAPED.sub(lambda escaped: chr(int(escaped[1], 16)), text)
    return text + (unquote(text) if "%E" in text or "%e" in text else "")


def find_status(gate: Gate | None, person: Person, line: Line) -> int:
    """What the table says that the person is answered; without a gate the method is not there."""
    if gate is None:
        return 403 if is_shut_out(person, line) else 405
    if not person.name:
        return gate.stranger or (401 if line.told else 302)
    if is_shut_out(person, line) and gate.may is not EVERYBODY:
        return 403
    if line.by_key and not person.posts:
        return 401
    # A key acts for one post alone.
    acting = replace(person, posts=person.posts[:1]) if line.by_key else person
    return gate.find_status(acting.narrow(line.page))


def is_shut_out(person: Person, line: Line) -> bool:
    """Whether the person holds posts, and none that counts for anything on such a page."""
    is_open = any(gate and gate.may is EVERYBODY for gate in (line.look, line.change))
    return bool(person.posts) and not (person.narrow(line.page).posts or line.told or is_open)


def find_told(text: str, person: Person) -> list[str]:
    """The words in the answer that the person may read nowhere: names of units out of sight, and what is secret."""
    words = [word for word, rule in SECRETS.items() if word in text and not rule.holds(person)]
    return words + [name for name, code in NAMES.items() if name in text and not person.is_named(code)]


def read_database() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table but the log-ins."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names()):
            if table == Session._meta.db_table:
                continue
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found[table] = sorted((json.dumps([str(value) for value in row]),) for row in cursor.fetchall())
    return found


@contextmanager
def keep_world(blocker: DjangoDbBlocker, folder: Path) -> Iterator[Asker]:
    """One world for all tests of a module; it is gone after them. Files lie in the folder."""
    with blocker.unblock(), override_settings(EVIDENCE=folder, DATA=folder), transaction.atomic():
        forget_counts()
        note_day_begun(timezone.localdate())
        yield Asker(make_world())
        transaction.set_rollback(True)
    forget_counts()
