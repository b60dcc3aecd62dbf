"""The site as it runs: it stops without cutting anybody off, workers are killed, and several serve one database."""

import http.client
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.survival.server import (
    LOST,
    POSTGRESQL,
    WUZHA,
    Site,
    call,
    make_database,
    make_environment,
    make_told,
    run_site,
)
from tests.web.cast import PASSWORD

on_postgresql = pytest.mark.skipif(not POSTGRESQL, reason="one file is one machine's")


def run(arguments: list[str], environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([str(WUZHA), *arguments], env=environment, capture_output=True, text=True, check=False)


class Browser:
    """Keeps cookies, and may ask another server the next time."""

    def __init__(self) -> None:
        self.cookies: dict[str, str] = {}

    def ask(self, port: int, method: str, path: str, **typed: str) -> tuple[int, str, str]:
        """The status, where it leads, and the text."""
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        line.request(method, path, urlencode(typed) or None, headers)
        answer = line.getresponse()
        told = SimpleCookie()
        for value in answer.headers.get_all("Set-Cookie") or ():
            told.load(value)
        self.cookies |= {name: one.value for name, one in told.items()}
        text = answer.read().decode("utf-8", "replace")
        line.close()
        return answer.status, answer.headers.get("Location", ""), text

    def log_in(self, port: int, other: int = 0) -> None:
        """With the form from one server and the answer to another."""
        _, _, page = self.ask(port, "GET", "/log-in/")
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert found, page
        typed = {"csrfmiddlewaretoken": found[1], "username": "officer", "password": PASSWORD, "login": "officer"}
        status, _, page = self.ask(other or port, "POST", "/log-in/", **typed)
        assert status == 302, page


# --- stopping ---------------------------------------------------------------------------------------------------------


def test_a_request_under_way_is_finished_before_the_server_stops(tmp_path: Path) -> None:
    with run_site(tmp_path / "data") as site, ThreadPoolExecutor(1) as pool, call(site) as client:
        assert site.process is not None
        told = make_told()
        with site.lock():
            answer = pool.submit(client.send, told)
            time.sleep(1)
            assert not answer.done(), "it waits for the lock"
            site.process.terminate()
            time.sleep(1)
            assert site.process.poll() is None, "it waits for the request"
            with pytest.raises(OSError, match="refused"):
                http.client.HTTPConnection("127.0.0.1", site.port, timeout=5).connect()
        assert answer.result(30) == 201
        assert site.process.wait(30) == 0
        assert told["id"] in {str(one) for one in site.list_kept()}


def test_a_server_with_nothing_to_do_stops_at_once(tmp_path: Path) -> None:
    with run_site(tmp_path / "data") as site:
        assert site.process is not None
        begun = time.monotonic()
        site.process.terminate()
        assert site.process.wait(30) == 0
        assert time.monotonic() - begun < 10


# --- settings and tables ----------------------------------------------------------------------------------------------


def test_dangerous_settings_start_nothing_and_are_said(tmp_path: Path) -> None:
    environment = make_environment(tmp_path / "data", make_database() if POSTGRESQL else "")

    told = run(["serve", "--port", "1"], environment | {"WUZHA_DEBUG": "1", "WUZHA_HTTPS": "1"})
    unread = run(["serve", "--port", "1"], environment | {"WUZHA_THREADS": "many"})

    assert (told.returncode, unread.returncode) == (2, 2)
    assert "WUZHA_DEBUG 开着" in told.stderr
    assert "WUZHA_THREADS" in unread.stderr
    assert "Traceback" not in told.stderr + unread.stderr


@on_postgresql
def test_a_server_refuses_tables_that_are_older_than_it_is(tmp_path: Path) -> None:
    environment = make_environment(tmp_path / "data", make_database())

    refused = run(["serve", "--port", "1"], environment)

    assert refused.returncode == 2
    assert "wuzha migrate" in refused.stderr
    assert run(["migrate"], environment).returncode == 0
    assert "已经是这个版本的" in run(["migrate"], environment).stdout


def test_a_program_changes_no_tables_that_are_newer_than_it_is(tmp_path: Path) -> None:
    site = Site(
        tmp_path / "data", environment=make_environment(tmp_path / "data", make_database() if POSTGRESQL else "")
    )
    assert run(["migrate"], site.environment).returncode == 0
    database = site.open_database()
    database.execute(
        "INSERT INTO django_migrations (app, name, applied) VALUES ('campaign', '9999_of_tomorrow', CURRENT_TIMESTAMP)"
    )
    database.close()

    told = run(["migrate"], site.environment)

    assert told.returncode == 2
    assert "campaign.9999_of_tomorrow" in told.stderr


def test_two_machines_do_not_change_the_tables_at_once(tmp_path: Path) -> None:
    environment = make_environment(tmp_path / "data", make_database() if POSTGRESQL else "")
    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(lambda _: run(["migrate"], environment), range(2)))

    assert [one.returncode for one in told] == [0, 0], [one.stderr for one in told]
    done = [one for one in told if "做完了" in one.stdout]
    assert len(done) == 1, "the other one waited, and found nothing to do"


# --- behind another server --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("proxy", "status"), [("127.0.0.1", 200), ("192.0.2.1", 301)])
def test_only_the_server_in_front_is_believed_how_a_visitor_came(tmp_path: Path, proxy: str, status: int) -> None:
    told = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "198.51.100.7"}
    with (
        run_site(tmp_path / "data", WUZHA_HTTPS="1", WUZHA_PROXIES=proxy) as site,
        closing(http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)) as line,
    ):
        line.request("GET", "/log-in/", headers=told)
        answer = line.getresponse()
        answer.read()
        assert answer.status == status


# --- workers ----------------------------------------------------------------------------------------------------------


def test_a_worker_that_is_killed_anywhere_leaves_the_job_to_the_next_and_issues_once(tmp_path: Path) -> None:
    environment = make_environment(tmp_path, make_database() if POSTGRESQL else "")
    command = [sys.executable, "-m", "tests.survival.working"]
    told = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
    assert told.returncode == 0, told.stderr
    *cut, last = json.loads(told.stdout)

    whole = {"papers": [[1, True]], "entries": 1}
    assert len(cut) >= 5, "it was cut at many places"
    assert last == {"killed": False, "state": "done"} | whole
    assert all(one["state"] in ("waiting", "running", "done") for one in cut)
    assert all((one["papers"], one["entries"]) in (([], 0), (whole["papers"], 1)) for one in cut)


def test_a_long_file_is_written_beside_the_pages_where_no_worker_runs(tmp_path: Path) -> None:
    with run_site(tmp_path / "data", WUZHA_JOB_LEASE_S="1", WUZHA_EXPORT_AT_ONCE_ROWS="0") as site:
        with call(site) as client:
            client.post("/api/v1/records/batch/", {"records": [make_told() for _ in range(20)]})
        browser = Browser()
        browser.log_in(site.port)
        begun = time.monotonic()
        status, place, _ = browser.ask(site.port, "GET", "/records/export.csv")
        assert time.monotonic() - begun < 5, "the answer does not wait for the file"
        assert status == 302
        end = time.monotonic() + 60
        while browser.ask(site.port, "GET", f"{place}file")[0] != 200:
            assert time.monotonic() < end, browser.ask(site.port, "GET", place)[2]
            time.sleep(0.2)
        assert browser.ask(site.port, "GET", f"{place}file")[2].count("柳湾村网格员") == 20


# --- several on one database ------------------------------------------------------------------------------------------


@contextmanager
def run_beside(site: Site, data: Path) -> Iterator[Site]:
    """A second machine: a folder of its own, the same key and database, and the same photos."""
    other = Site(data, port=0, key=site.key)
    other.environment = make_environment(data, site.environment["WUZHA_DATABASE_URL"])
    (data / "secret.key").write_text((site.data / "secret.key").read_text())
    other.choose_port()
    other.start()
    try:
        yield other
    finally:
        other.kill()


@on_postgresql
def test_it_makes_no_difference_which_of_two_servers_answers(tmp_path: Path) -> None:
    (tmp_path / "two").mkdir()
    with run_site(tmp_path / "one") as one, run_beside(one, tmp_path / "two") as two:
        ports = [one.port, two.port]
        browser = Browser()
        browser.log_in(one.port, two.port)
        sent = [make_told(kind="rally", people=10 + number) for number in range(12)]
        with call(one) as first, call(two) as second:
            clients = (first, second)
            assert [clients[place % 2].send(told) for place, told in enumerate(sent)] == [201] * 12
            # The same record at the other server is the one that is there.
            assert {clients[(place + 1) % 2].send(told) for place, told in enumerate(sent)} == {200}
        time.sleep(1.5)  # a new record is seen within a second
        pages = [[browser.ask(port, "GET", path) for port in ports] for path in ("/records/", "/today/", "/standings/")]

        for answers in pages:
            assert {status for status, _, _ in answers} == {200}
        told = [set(re.findall(r"/records/([0-9a-f-]{36})/", text)) for _, _, text in pages[0]]
        assert told[0] == told[1] == {record["id"] for record in sent}
        figures = [re.findall(r"<td[^>]*>.*?</td>", text, re.DOTALL) for _, _, text in pages[2]]
        assert figures[0] == figures[1]
        one.kill()
        assert browser.ask(two.port, "GET", "/records/")[0] == 200
        with pytest.raises(LOST):
            browser.ask(one.port, "GET", "/records/")
        one.start()
