"""What is acknowledged is kept, once, whatever happens to the server in between."""

import os
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from uuid import UUID

import pytest

from tests.survival.server import LOST, POSTGRESQL, Site, call, make_told, run_site

# A county's worst day, and somebody's long backup; fewer and shorter where somebody is at work on these very tests. The
# day is asked of the one file; of PostgreSQL, not killed with the site, that nothing is told before it is there.
RECORDS = int(os.environ.get("WUZHA_TEST_RECORDS") or (3000 if POSTGRESQL else 10_000))
LOCKED_S = float(os.environ.get("WUZHA_TEST_LOCKED_S", "30"))
CLIENTS = 50
on_sqlite = pytest.mark.skipif(bool(POSTGRESQL), reason="the folder and the disk are PostgreSQL's own matter")


def send_share(site: Site, records: list[dict[str, object]]) -> list[UUID]:
    """What this client was told is kept."""
    with call(site) as client:
        return [UUID(str(told["id"])) for told in records if client.send_until_kept(told)]


def test_after_kill_nine_in_the_middle_every_acknowledged_record_is_there_once(tmp_path: Path) -> None:
    records = [make_told() for _ in range(RECORDS)]
    with run_site(tmp_path / "data") as site, ThreadPoolExecutor(CLIENTS) as pool:
        work = [pool.submit(send_share, site, records[number::CLIENTS]) for number in range(CLIENTS)]
        while len(site.list_kept()) < RECORDS // 3:
            time.sleep(0.05)
        site.kill()
        in_the_middle = len(site.list_kept())
        site.start()
        acknowledged = [record for one in work for record in one.result()]
        kept = Counter(site.list_kept())

    assert RECORDS // 3 <= in_the_middle < RECORDS
    assert len(acknowledged) == RECORDS
    assert kept == Counter(acknowledged), "each of them, once, and nothing else"


def test_the_same_queue_sent_from_two_places_at_once_is_kept_once(tmp_path: Path) -> None:
    queue = [make_told() for _ in range(40)]
    start = threading.Barrier(4)

    def send(site: Site) -> list[str]:
        start.wait()
        with call(site) as client:
            answers = [client.post("/api/v1/records/batch/", {"records": queue[n : n + 8]}) for n in range(0, 40, 8)]
        return [answer["result"] for _, told in answers for answer in told["answers"]]

    with run_site(tmp_path / "data") as site, ThreadPoolExecutor(4) as pool:
        results = [work.result() for work in [pool.submit(send, site) for _ in range(4)]]
        kept = site.list_kept()

    assert sorted(map(str, kept)) == sorted(told["id"] for told in queue)
    assert Counter(result for one in results for result in one) == {"saved": 40, "known": 120}


@on_sqlite
def test_a_full_disk_refuses_clearly_and_keeps_all_that_it_acknowledged(tmp_path: Path) -> None:
    statuses: Counter[int] = Counter()
    acknowledged = set()
    with run_site(tmp_path / "data") as site, call(site) as client:
        site.fill_disk(1_500_000)
        for _ in range(600):
            told = make_told(note="讲" * 2000)
            status = client.send(told)
            statuses[status] += 1
            if status == 201:
                acknowledged.add(UUID(told["id"]))
            if statuses[503] >= 5:
                break
        site.kill()
        kept = set(site.list_kept())
        site.start()
        assert client_sends_again(site)

    assert set(statuses) == {201, 503}, "kept, or told to come again; nothing else"
    assert acknowledged <= kept
    assert statuses[201] >= 10


def client_sends_again(site: Site) -> bool:
    """With room on the disk again the door is open."""
    with call(site) as client:
        return client.send_until_kept(make_told(), patience_s=20)


@on_sqlite
def test_a_folder_closed_while_the_server_runs_loses_nothing_and_opens_again(tmp_path: Path) -> None:
    """What is open already may still be written, and is then kept; whatever is not is refused."""
    data = tmp_path / "data"
    with run_site(data) as site, ThreadPoolExecutor(8) as pool:
        with call(site) as client:
            assert client.send(make_told()) == 201
        close_folder(data, closed=True)
        try:
            answers = list(pool.map(lambda told: send_once(site, told), [make_told() for _ in range(40)]))
        finally:
            close_folder(data, closed=False)
        acknowledged = {UUID(str(told["id"])) for status, told in answers if status == 201}
        kept = set(site.list_kept())
        assert client_sends_again(site)

    assert {status for status, _ in answers} <= {201, 503}
    assert acknowledged <= kept
    assert len(kept) == len(acknowledged) + 1, "what was refused is not there either"


def send_once(site: Site, told: dict[str, object]) -> tuple[int, dict[str, object]]:
    with call(site) as client:
        return client.send(told), told


@on_sqlite
def test_a_server_started_on_a_read_only_folder_refuses_clearly_and_opens_when_the_folder_does(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with run_site(data) as site:
        with call(site) as client:
            assert client.send(make_told()) == 201
        site.kill()
        close_folder(data, closed=True)
        try:
            site.start()
            with call(site) as client:
                refused = [client.post("/api/v1/records/", make_told()) for _ in range(10)]
        finally:
            close_folder(data, closed=False)
        kept = len(site.list_kept())
        assert client_sends_again(site)

    assert {status for status, _ in refused} == {503}
    assert not any("answers" in told for _, told in refused)
    assert kept == 1


def close_folder(data: Path, *, closed: bool) -> None:
    for file in data.glob("wuzha.sqlite3*"):
        file.chmod(0o444 if closed else 0o644)
    data.chmod(0o555 if closed else 0o755)


def test_a_locked_database_refuses_clearly_while_it_lasts_and_takes_the_record_afterwards(tmp_path: Path) -> None:
    told = make_told()
    with run_site(tmp_path / "data", WUZHA_DATABASE_WAIT_S="1") as site, call(site) as client:
        with site.lock():
            end = time.monotonic() + LOCKED_S
            refused = []
            while time.monotonic() < end:
                refused.append(client.send(told))
            kept_meanwhile = len(site.list_kept())
        assert client.send(told) == 201
        kept = site.list_kept()

    assert set(refused) == {503}
    assert (kept_meanwhile, kept) == (0, [UUID(told["id"])])


def test_many_who_wait_for_a_locked_database_are_all_answered_and_nobody_is_kept_waiting_for_the_others(
    tmp_path: Path,
) -> None:
    records = [make_told() for _ in range(8)]

    def send(told: dict[str, object]) -> tuple[int, float]:
        start = time.monotonic()
        return send_once(site, told)[0], time.monotonic() - start

    with run_site(tmp_path / "data", WUZHA_DATABASE_WAIT_S="2") as site, ThreadPoolExecutor(8) as pool:
        with site.lock():
            answers = list(pool.map(send, records))
        afterwards = [send_once(site, told)[0] for told in records]

    assert {status for status, _ in answers} == {503}
    assert max(waited_s for _, waited_s in answers) < 8, "one turn under way and one of their own, no queue of turns"
    assert set(afterwards) == {201}


@on_sqlite
def test_the_database_of_a_stopped_site_is_whole_in_its_one_file(tmp_path: Path) -> None:
    with run_site(tmp_path / "data") as site:
        with call(site) as client:
            sent = [make_told() for _ in range(20)]
            assert {client.send(told) for told in sent} == {201}
        site.stop()
        (tmp_path / "copy").mkdir()
        (tmp_path / "copy" / "wuzha.sqlite3").write_bytes((site.data / "wuzha.sqlite3").read_bytes())

    assert sorted(map(str, Site(tmp_path / "copy").list_kept())) == sorted(told["id"] for told in sent)


def test_a_line_cut_in_the_middle_of_a_sending_harms_nobody(tmp_path: Path) -> None:
    told = make_told()
    with run_site(tmp_path / "data") as site, call(site) as client:
        for _ in range(20):
            try:
                client.post("/api/v1/records/", told)
            except LOST:  # the answer to the last one never came
                continue
            assert client.line is not None
            client.line.putrequest("POST", "/api/v1/records/")
            client.line.putheader("Content-Length", "4000")
            client.line.endheaders()
            client.line.send(b'{"id": "')
            client.line.close()
            client.line = None
        kept = site.list_kept()

    assert kept == [UUID(told["id"])]


@on_sqlite
def test_a_file_replaced_under_the_running_site_stops_it_and_neither_file_is_spoilt(tmp_path: Path) -> None:
    """An administrator puts a copy back without stopping the site."""
    with run_site(tmp_path / "data") as site:
        file, old = site.data / "wuzha.sqlite3", tmp_path / "old.sqlite3"
        with call(site) as client:
            assert client.send(make_told()) == 201
            with closing(site.open_database()) as database:
                database.execute(f"VACUUM INTO '{tmp_path / 'copy.sqlite3'}'")
            assert client.send(make_told()) == 201
            file.rename(old)
            (tmp_path / "copy.sqlite3").rename(file)
            refused = client.post("/api/v1/records/", make_told())
        site.stop()
        aside = sorted(one.name.partition(".of-")[0] for one in site.data.glob("*.of-the-old-file-*"))
        site.start()
        kept = len(site.list_kept())
        assert client_sends_again(site)

    assert refused[0] == 503
    assert "answers" not in refused[1]
    assert kept == 1, "what the copy held, and it can be read"
    assert "wuzha.sqlite3-wal" in aside, "the last record of the old file is not thrown away"


@on_sqlite
def test_a_file_moved_away_under_the_running_site_is_not_made_anew(tmp_path: Path) -> None:
    with run_site(tmp_path / "data") as site:
        with call(site) as client:
            assert client.send(make_told()) == 201
            (site.data / "wuzha.sqlite3").rename(tmp_path / "moved.sqlite3")
            status = client.send(make_told())
        site.stop()
        left = (site.data / "wuzha.sqlite3").exists()

    assert (status, left) == (503, False)
