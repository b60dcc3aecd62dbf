"""A short day: nothing that was acknowledged is lost, and what is lost is found. The long one is ``make load``."""

import asyncio
import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

import pytest

from tests.load.book import Book, Fate, Sent, SentPhoto, find_slope, spread
from tests.load.check import check, check_photos, check_rows
from tests.load.county import Cast
from tests.load.report import Report, write_report
from tests.load.run import Played, make_report, play, serve_county
from tests.survival.server import Site

USERS, RECORDS, SECONDS, PAGES = 40, 2000, 20, 20


@dataclass(frozen=True, slots=True)
class Evening:
    """The site after the day, still running."""

    site: Site
    cast: Cast
    played: Played


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evening]:
    # As in a large county: the file of all records is made by the worker while people go on recording.
    later = {"WUZHA_EXPORT_AT_ONCE_ROWS": "500"}
    with serve_county(tmp_path_factory.mktemp("load") / "site", USERS, RECORDS, **later) as (site, cast):
        yield Evening(site, cast, asyncio.run(play(site, cast, SECONDS)))


@pytest.fixture(scope="module")
def report(evening: Evening) -> Report:
    looked, losses = asyncio.run(check(evening.site, evening.cast, evening.played.book, PAGES))
    return make_report(evening.site, evening.cast, evening.played, looked, losses)


def test_whatever_the_site_acknowledged_is_there_once_and_counted_once(report: Report) -> None:
    assert report.losses == []
    assert report.troubles == {}


def test_the_day_was_one_in_which_much_was_sent_and_lines_were_cut(report: Report, evening: Evening) -> None:
    roles = {person.role for person in evening.cast.people}
    assert roles == {"phone", "desk", "town", "officer", "supervisor"}
    assert report.looked["records"] >= 100
    assert report.looked["records in the file"] >= report.looked["records"]
    assert report.looked["photos"] >= 10
    assert report.looked["lines"] >= 1
    assert report.looked["papers"] >= 1
    assert report.looked["figures"] == 7 * 17
    assert {"phone waiting", "photo"} <= report.cuts.keys()


def test_the_report_says_for_machines_and_for_people_what_the_book_holds(
    report: Report, evening: Evening, tmp_path: Path
) -> None:
    book = evening.played.book
    machine, people = write_report(report, tmp_path / "reports")
    told, page = json.loads(machine.read_text()), people.read_text()

    assert told["is_good"] is True
    assert {kind: one["count"] for kind, one in told["requests"].items()} == {
        kind: len(times) for kind, times in book.times.items()
    }
    assert told["overall"]["count"] == sum(map(len, book.times.values()))
    assert told["overall"]["most"] == round(max(max(times) for times in book.times.values()), 1)
    assert 0 < told["processors"]["load itself"] < 1
    assert 50 < told["memory_mb"]["least"] <= told["memory_mb"]["most"]
    assert told["sizes_mb"]["database"] > 1
    assert told["took_s"] >= SECONDS
    assert "nothing was lost" in page
    assert all(f"| {kind} |" in page for kind in book.times)


def test_what_is_lost_changed_or_made_up_is_found(evening: Evening) -> None:
    """The book is told of things that never reached the site, and of others than were sent."""
    book = copy.deepcopy(evening.played.book)
    sent = book.list_kept()
    never = Sent({**sent[0].told, "id": str(uuid4())}, sent[0].author, Fate.KEPT)
    book.records[str(never.told["id"])] = never
    sent[1].told["note"] = "别的话"
    forgotten = str(sent[2].told["id"])
    del book.records[forgotten]
    book.photos.append(SentPhoto(str(sent[3].told["id"]), "0" * 64, 5, fate=Fate.KEPT))
    book.lines.add("SQ15V255")
    book.papers.append(999)

    looked, losses = asyncio.run(check(evening.site, evening.cast, book, 0))

    told = "\n".join(losses)
    assert f"record {never.told['id']} is there 0 times" in told
    assert f"record {never.told['id']} stands in the file 0 times" in told
    assert f"record {sent[1].told['id']} is there with another note" in told
    assert f"record {forgotten} is there and nobody sent it" in told
    assert f"a photo of record {sent[3].told['id']} is there 0 times" in told
    assert "the line of SQ15V255 was handed in and is not" in told
    assert "paper 999 was issued and is not there" in told
    assert f"{never.told['unit'][:4]} shows " in told, "a figure of the standings is not what was acknowledged"
    assert "SQ shows " in told
    assert looked["records"] == len(sent)
    bad = make_report(evening.site, evening.cast, evening.played, looked, losses)
    assert not bad.is_good


def test_a_report_of_a_day_with_losses_or_errors_says_so_at_once(report: Report, tmp_path: Path) -> None:
    lost = replace(report, losses=["record 1 is there 0 times"])
    late = replace(report, troubles={"today: 500 instead of 200": 3})

    assert not lost.is_good
    assert not late.is_good
    assert "1 LOST OR WRONG" in write_report(lost, tmp_path)[1].read_text()
    assert "record 1 is there 0 times" in write_report(lost, tmp_path)[1].read_text()
    assert "3 errors in" in write_report(late, tmp_path)[1].read_text()


def make_book(fate: Fate) -> tuple[Book, tuple[object, ...]]:
    """A book with one record, and the row that would be it."""
    pk = str(uuid4())
    told = {"id": pk, "unit": "SQ00V000", "kind": "talk", "happened_on": "2026-11-20", "quantity": 2, "note": "讲"}
    row = (pk, "SQ00V000", "talk", "2026-11-20", 2, None, "", "讲", "load9")
    return Book(records={pk: Sent(told, "load9", fate)}), row


@pytest.mark.parametrize(
    ("fate", "times", "is_fine"),
    [
        (Fate.KEPT, 1, True),
        (Fate.KEPT, 0, False),
        (Fate.KEPT, 2, False),
        (Fate.WAITING, 0, True),
        (Fate.WAITING, 1, True),
        (Fate.WAITING, 2, False),
    ],
)
def test_what_nobody_was_told_of_may_be_there_once_or_not_at_all(fate: Fate, times: int, *, is_fine: bool) -> None:
    book, row = make_book(fate)

    assert (not list(check_rows(book, [row] * times))) is is_fine


@pytest.mark.parametrize("place", range(1, 9))
def test_a_record_that_was_kept_in_part_is_found_whether_it_was_acknowledged_or_not(place: int) -> None:
    book, row = make_book(Fate.WAITING)
    other = (*row[:place], "等", *row[place + 1 :])

    assert len(list(check_rows(book, [other]))) == 1


def test_a_photo_that_is_there_twice_is_found() -> None:
    photo = SentPhoto("r", "a" * 64, 9, fate=Fate.KEPT)
    kept = (photo.record, photo.sha256, photo.size)

    assert not list(check_photos(Book(photos=[photo]), [kept]))
    assert len(list(check_photos(Book(photos=[photo]), [kept, kept]))) == 1
    assert len(list(check_photos(Book(), [kept]))) == 1


def test_times_are_told_as_they_lie_and_growth_as_it_is() -> None:
    assert spread([float(n) for n in range(1, 101)]).p95 == pytest.approx(95.05, abs=0.1)
    assert spread([7.0]).p99 == 7.0
    assert find_slope([(0, 100.0), (1, 102.0), (2, 104.0)]) == pytest.approx(2.0)
    assert find_slope([(0, 100.0)]) == 0
