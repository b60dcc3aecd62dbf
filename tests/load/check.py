"""Was anything lost? What the site acknowledged is read back from its database, its files and its pages.

The figures of the standings are held against a count of the load's own, made from what was sent and acknowledged; of
the site's own counting nothing is used for it.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from random import Random
from typing import Any
from uuid import UUID

from tests.load.book import Book, Fate, Sent
from tests.load.county import KINDS, Cast
from tests.load.day import fetch_file
from tests.load.wire import Browser
from tests.survival.server import Site

PAGES = 200
KEPT_FIELDS = ("unit", "kind", "happened_on", "quantity", "people", "place", "note")
ROW = (
    "SELECT r.id, u.code, r.kind, r.happened_on, r.quantity, r.people, r.place, r.note, a.username"
    " FROM campaign_record r JOIN accounts_unit u ON u.id = r.unit_id JOIN accounts_user a ON a.id = r.author_id"
    " WHERE a.username LIKE 'load%' AND r.note <> ''"
)
FIGURE = re.compile(r'class="figure"[^>]*>([\d,]+) / ')
Losses = list[str]


async def check(site: Site, cast: Cast, book: Book, pages: int = PAGES) -> tuple[dict[str, int], Losses]:
    """What was looked at, by what it is, and everything that is not as it was acknowledged.

    So many ``pages`` of single records and so many photos are opened; of their rows, and of the file, none is left out.
    """
    rows = read_rows(site)
    losses = [*check_rows(book, rows), *check_photos(book, read_photos(site)), *check_acts(site, book)]
    browser = open_browser(site, cast)
    looked, seen = await read_site(browser, cast, book, rows, pages)
    browser.close()
    counted = {"records": len(book.list_kept()), "records unacknowledged": len(book.records) - len(book.list_kept())}
    photos = sum(one.fate is Fate.KEPT for one in book.photos)
    return counted | {"photos": photos, "lines": len(book.lines), "papers": len(book.papers)} | looked, losses + seen


def open_browser(site: Site, cast: Cast) -> Browser:
    officer = next(person for person in cast.people if person.role == "officer")
    return Browser("127.0.0.1", site.port, {"sessionid": officer.session})


def read_rows(site: Site) -> list[tuple[Any, ...]]:
    """Every record of the day, past the server."""
    with closing(site.open_database()) as database:
        return list(database.execute(ROW).fetchall())


def read_photos(site: Site) -> list[tuple[str, str, int]]:
    """Record, hash and size of what was sent, of every photo."""
    with closing(site.open_database()) as database:
        rows = database.execute("SELECT record_id, sent_sha256, sent_size FROM campaign_evidence").fetchall()
    return [(str(UUID(str(record))), sha256, size) for record, sha256, size in rows]


def check_rows(book: Book, rows: list[tuple[Any, ...]]) -> Iterator[str]:
    """Each acknowledged record once and as it was sent; what was not acknowledged whole or not at all."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    for row in rows:
        found.setdefault(str(UUID(str(row[0]))), []).append(row[1:])
    for pk, sent in book.records.items():
        here = found.pop(pk, [])
        if len(here) > 1 or (not here and sent.fate is Fate.KEPT):
            yield f"record {pk} is there {len(here)} times"
        elif here and (wrong := list_differences(sent, here[0])):
            yield f"record {pk} is there with another {'、'.join(wrong)}"
    yield from (f"record {pk} is there and nobody sent it" for pk in found)


def list_differences(sent: Sent, row: tuple[Any, ...]) -> list[str]:
    """The names of the fields that are not as they were sent."""
    kept = dict(zip(KEPT_FIELDS, row, strict=False))
    wrong = [name for name, value in kept.items() if str(value or "") != str(sent.told.get(name) or "")]
    return wrong if row[-1] == sent.author else [*wrong, "author"]


def check_photos(book: Book, kept: list[tuple[str, str, int]]) -> Iterator[str]:
    """Each acknowledged photo once, at its record."""
    times = Counter(kept)
    for sent in book.photos:
        count = times.pop((sent.record, sent.sha256, sent.size), 0)
        if count > 1 or (count == 0 and sent.fate is Fate.KEPT):
            yield f"a photo of record {sent.record} is there {count} times"
    yield from (f"a photo of record {record} is there and nobody sent it" for record, _, _ in times)


def check_acts(site: Site, book: Book) -> Iterator[str]:
    """Lines that were handed in, and papers with their numbers."""
    with closing(site.open_database()) as database:
        lines = database.execute(
            "SELECT DISTINCT u.code FROM campaign_tableact t JOIN accounts_unit u ON u.id = t.unit_id"
            " WHERE t.deed = 'submitted'"
        ).fetchall()
        papers = database.execute("SELECT id, serial FROM campaign_issuedpaper").fetchall()
    yield from (f"the line of {code} was handed in and is not" for code in book.lines - {code for (code,) in lines})
    yield from (f"paper {pk} was issued and is not there" for pk in set(book.papers) - {pk for pk, _ in papers})
    if sorted(serial for _, serial in papers) != list(range(1, len(papers) + 1)):
        yield f"the numbers of the papers are not 1 to {len(papers)}"


async def read_site(
    browser: Browser, cast: Cast, book: Book, rows: list[tuple[Any, ...]], most: int
) -> tuple[dict[str, int], Losses]:
    """The same from the pages: the file of all records, single records and photos, and the figures of the standings."""
    in_file, of_file = await read_file(browser, cast, book)
    pages, of_pages = await read_records(browser, book, most)
    photos, of_photos = await read_pictures(browser, book, most)
    figures, of_figures = await read_figures(browser, cast, count_figures(cast, book, rows))
    looked = {"records in the file": in_file, "record pages": pages, "photos opened": photos, "figures": figures}
    return looked, [*of_file, *of_pages, *of_photos, *of_figures]


async def read_file(browser: Browser, cast: Cast, book: Book) -> tuple[int, Losses]:
    """Every acknowledged record stands in the file of the county's records, once."""
    answer = await fetch_file(browser, "/records/export.csv")
    rows = list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff"))))
    ids = Counter(cell for row in rows for cell in row if len(cell) == 36 and cell in book.records)
    losses = [f"record {sent.told['id']} stands in the file {ids[sent.told['id']]} times" for sent in book.list_kept()
              if ids[sent.told["id"]] != 1]  # fmt: skip
    expected = f"共 {cast.records + len(ids)} 条"
    if answer.status != 200 or rows[-1][0] != expected:
        losses.append(f"the file of all records ends with {rows[-1][0]!r} and not with {expected!r} ({answer.status})")
    return sum(ids.values()), losses


async def read_records(browser: Browser, book: Book, most: int) -> tuple[int, Losses]:
    """Some of the acknowledged records by their ids, drawn by lot."""
    kept = book.list_kept()
    chosen, losses = Random(1).sample(kept, min(most, len(kept))), []
    for sent in chosen:
        answer = await browser.get(f"/records/{sent.told['id']}/")
        if answer.status != 200 or sent.told["note"] not in answer.text:
            losses.append(f"the page of record {sent.told['id']} does not show it ({answer.status})")
    return len(chosen), losses


async def read_pictures(browser: Browser, book: Book, most: int) -> tuple[int, Losses]:
    """Some of the photos that brought their own ids, drawn by lot: whole, and a picture."""
    kept = [one for one in book.photos if one.pk and one.fate is Fate.KEPT]
    chosen, losses = Random(1).sample(kept, min(most, len(kept))), []
    for one in chosen:
        answer = await browser.get(f"/evidence/{one.pk}/file?kept")
        if answer.status != 200 or not (answer.body.startswith(b"\xff\xd8") and answer.body.endswith(b"\xff\xd9")):
            losses.append(f"photo {one.pk} does not open ({answer.status})")
    return len(chosen), losses


def count_figures(cast: Cast, book: Book, rows: list[tuple[Any, ...]]) -> Counter[str]:
    """What each town and the county did of each kind in the year, by ``unit/kind``: the ledger before the day, and what
    was acknowledged in it, once each. What arrived without anybody having been told counts too, as it is there."""
    there = {str(UUID(str(row[0]))) for row in rows}
    counted = Counter[str](cast.before)
    for pk, sent in book.records.items():
        if sent.fate is Fate.KEPT or pk in there:
            counted[f"{sent.told['unit'][:4]}/{sent.told['kind']}"] += sent.told["quantity"]
    for name, amount in list(counted.items()):
        counted[f"SQ/{name.partition('/')[2]}"] += amount
    return counted


async def read_figures(browser: Browser, cast: Cast, counted: Mapping[str, int]) -> tuple[int, Losses]:
    """The figure of every kind of the county and of every town, as its page shows it."""
    losses: Losses = []
    asked = [(unit, kind) for unit in ("SQ", *cast.villages) for kind in KINDS]
    for unit, kind in asked:
        duty = f"{kind}-{'county' if unit == 'SQ' else 'town'}"
        answer = await browser.get(f"/standings/{unit}/{cast.plan}/{duty}/")
        shown = FIGURE.search(answer.text)
        told = int(shown[1].replace(",", "")) if shown else None
        if told != counted.get(f"{unit}/{kind}", 0):
            losses.append(f"{unit} shows {told} of {kind}, and {counted.get(f'{unit}/{kind}', 0)} were kept")
    return len(asked), losses
