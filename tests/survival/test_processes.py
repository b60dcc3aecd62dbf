"""A site of several processes: whichever answers tells the same, and none that ends takes the site with it."""

import http.client
import os
import re
import signal
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from threading import Event

import pytest

from tests.survival.family import list_family
from tests.survival.server import LOST, Site, call, make_told, run_site
from tests.survival.test_running import Browser
from wuzha.web.processes import Part, close_all, keep_running, listen

SEVERAL = {"WUZHA_PROCESSES": "2", "WUZHA_METRICS": "local"}


@contextmanager
def run_several(data: Path) -> Iterator[Site]:
    with run_site(data, **SEVERAL) as site:
        yield site


def name_answering(site: Site) -> str:
    """The number of the process that answers on a new line; empty where it has not answered anything before."""
    with closing(http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)) as line:
        line.request("GET", "/metrics")
        found = re.search(r'process="(\d+)"', line.getresponse().read().decode())
    return found[1] if found else ""


def ask_at_once(site: Site) -> set[str]:
    """Who answers when many ask at the same time."""
    with ThreadPoolExecutor(16) as pool:
        return set(pool.map(lambda _: name_answering(site), range(48))) - {""}


def wait_until(holds: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came about"
        time.sleep(0.1)


def answers(site: Site) -> bool:
    try:
        return Browser().ask(site.port, "GET", "/log-in/")[0] == 200
    except LOST:
        return False


def test_several_processes_answer_at_one_door(tmp_path: Path) -> None:
    with run_several(tmp_path / "data") as site:
        found: set[str] = set()

        def both() -> bool:
            found.update(ask_at_once(site))
            return len(found) == 2

        wait_until(both)
        first, *others = site.list_processes()
        assert str(first) not in found, "the first looks after the others and answers nobody"
        assert found < {str(one) for one in others}


def test_what_one_process_took_in_every_other_shows_at_once(tmp_path: Path) -> None:
    with run_several(tmp_path / "data") as site, call(site) as client:
        browser = Browser()
        browser.log_in(site.port)
        for number in range(12):
            told = make_told()
            assert client.send(told) == 201
            with ThreadPoolExecutor(4) as pool:
                pages = list(pool.map(lambda _: browser.ask(site.port, "GET", "/records/")[2], range(4)))
                counts = list(pool.map(lambda _: browser.ask(site.port, "GET", "/standings/")[2], range(4)))
            assert all(told["id"] in page for page in pages), number
            cells = [re.findall(r"<td[^>]*>.*?</td>", page, re.DOTALL) for page in counts]
            assert all(one == cells[0] for one in cells), number


def test_a_process_that_is_killed_is_begun_anew_and_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    with run_several(tmp_path / "data") as site, call(site) as client:
        kept = []
        first, *others = site.list_processes()
        for gone in others:
            told = make_told()
            assert client.send_until_kept(told)
            kept.append(told["id"])
            os.kill(gone, signal.SIGKILL)
            wait_until(partial(_was_begun_anew, site, gone, len(others)))
            assert site.list_processes()[0] == first
        wait_until(lambda: answers(site))
        assert set(kept) <= {str(one) for one in site.list_kept()}


def _was_begun_anew(site: Site, gone: int, count: int) -> bool:
    _, *others = site.list_processes()
    return gone not in others and len(others) == count


def test_when_the_first_process_is_killed_the_others_leave_the_port(tmp_path: Path) -> None:
    with run_several(tmp_path / "data") as site, call(site) as client:
        told = make_told()
        assert client.send(told) == 201
        first, *others = site.list_processes()
        os.kill(first, signal.SIGKILL)
        assert site.process is not None
        site.process.wait()
        wait_until(lambda: not any(list_family(one) for one in others))
        site.start()
        wait_until(lambda: answers(site))
        assert told["id"] in {str(one) for one in site.list_kept()}


# --- the parts themselves ---------------------------------------------------------------------------------------------


def run_parts(parts: list[Part], until: Callable[[], bool], wait_s: float = 5) -> bool:
    """Whether they all ended by themselves, once they were asked to, which is as soon as that holds."""
    stopping = Event()
    before = signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    try:
        with ThreadPoolExecutor(1) as pool:
            asking = pool.submit(_ask_to_stop, stopping, until)
            finished = keep_running(parts, stopping, wait_s, stop_listening=lambda: None)
            asking.result()
    finally:
        signal.signal(signal.SIGTERM, before)
    return finished


def _ask_to_stop(stopping: Event, when: Callable[[], bool]) -> None:
    wait_until(when)
    stopping.set()


def test_a_part_that_fails_is_begun_again_and_again(tmp_path: Path) -> None:
    def fail() -> None:
        with (tmp_path / "begun").open("a") as file:
            file.write(f"{os.getpid()}\n")
        raise ValueError("no luck")

    assert run_parts([Part("fails", fail)], lambda: _count_lines(tmp_path / "begun") >= 3)
    numbers = (tmp_path / "begun").read_text().split()
    assert len(set(numbers)) == len(numbers), "each time it is another process"
    assert str(os.getpid()) not in numbers


def _count_lines(path: Path) -> int:
    return len(path.read_text().splitlines()) if path.exists() else 0


def test_a_part_that_does_not_end_is_ended_by_force_and_this_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hang() -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        (tmp_path / "number").write_text(str(os.getpid()))
        time.sleep(600)

    monkeypatch.setattr("wuzha.web.processes.GRACE_S", 0.5)
    assert not run_parts([Part("hangs", hang)], (tmp_path / "number").exists, wait_s=0)
    with suppress(ProcessLookupError):
        os.kill(int((tmp_path / "number").read_text()), 0)
        pytest.fail("it still lives")


def test_a_port_that_is_taken_is_refused_and_every_socket_closed_again() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match="in use"):
            listen("127.0.0.1", port)
    sockets = listen("127.0.0.1", port)
    assert [one.getsockname() for one in sockets] == [("127.0.0.1", port)]
    close_all(sockets)
