"""Several processes at one door: Python works on one request at a time, and a machine has several processors.

The first process listens, begins the others and looks after them; it answers nobody and has no second thread, so that
it may begin another at any time. One that ends before it was asked to is begun anew.
"""

import ctypes
import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Event, Thread
from types import MappingProxyType

# Of glibc's mallopt: how many heaps there are for all threads, from which size on what is freed goes back to the
# system at once, and how much of it may lie at a heap's end.
ALLOCATOR: Mapping[int, int] = MappingProxyType({-8: 2, -3: 128 * 1024, -1: 128 * 1024})
LOG = logging.getLogger(__name__)
LOOK_EVERY_S = 0.1
# One that ended by itself is begun anew after so long, so that a fault at its start does not take the whole machine.
PAUSE_S = 1.0
# So much longer than they themselves wait they are waited for, before they are ended by force.
GRACE_S = 5.0
BACKLOG = 1024


def spare_memory() -> None:
    """Asked of the system's allocator before threads begin. By itself glibc gives each thread a heap of its own and
    keeps what was freed there: after a day of photos and papers a process held three times what it needed. Other
    systems have nothing of this name."""
    with suppress(OSError, AttributeError, TypeError):
        allocator = ctypes.CDLL(None)
        for parameter, value in ALLOCATOR.items():
            allocator.mallopt(parameter, value)


@dataclass(frozen=True, slots=True)
class Part:
    """What one process does until it is asked to stop."""

    name: str
    run: Callable[[], None]


def listen(host: str, port: int) -> list[socket.socket]:
    """Sockets that listen, for processes to share. Raises ``OSError`` where the port is not free."""
    opened: list[socket.socket] = []
    try:
        for family, kind, protocol, _, place in _find_places(host, port):
            one = socket.socket(family, kind, protocol)
            opened.append(one)
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            one.bind(place)
            one.listen(BACKLOG)
    except OSError:
        close_all(opened)
        raise
    return opened


def _find_places(host: str, port: int) -> list[tuple[int, int, int, str, tuple[object, ...]]]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    return list(dict.fromkeys(found))


def close_all(sockets: Sequence[socket.socket]) -> None:
    for one in sockets:
        one.close()


@dataclass(slots=True)
class Household:
    """The processes that are there, by their numbers.

    ``lifeline`` is a pipe of which only the first process holds the writing end: it closes with that process, however
    it ends, and then the others end in order.
    """

    stopping: Event
    lifeline: tuple[int, int] = field(default_factory=os.pipe)
    living: dict[int, Part] = field(default_factory=dict)

    def begin(self, part: Part) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        number = os.fork()
        if number:
            self.living[number] = part
        else:
            self._live(part)

    def _live(self, part: Part) -> None:
        """In the new process, which never comes back from here."""
        code = 1
        try:
            os.close(self.lifeline[1])
            Thread(target=self._end_with_first, name="lifeline", daemon=True).start()
            part.run()
            code = 0
        except Exception:  # whatever it was, it is told, and the process begun anew
            LOG.exception("%s failed", part.name)
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    def _end_with_first(self) -> None:
        os.read(self.lifeline[0], 1)
        self.stopping.set()

    def find_ended(self) -> list[tuple[Part, int]]:
        """Those that have ended since, each with how: an exit code, or a signal as a negative number."""
        ended = []
        for number in list(self.living):
            done, status = os.waitpid(number, os.WNOHANG)
            if done:
                ended.append((self.living.pop(number), os.waitstatus_to_exitcode(status)))
        return ended

    def send(self, number: signal.Signals) -> None:
        for one in self.living:
            with suppress(ProcessLookupError):
                os.kill(one, number)


def keep_running(parts: Sequence[Part], stopping: Event, wait_s: float, *, stop_listening: Callable[[], None]) -> bool:
    """Runs each part in a process of its own until ``stopping`` is set, by a signal; then asks them all to stop.

    False where one had to be ended by force, ``wait_s`` and a little after it was asked to stop.
    """
    household = Household(stopping)
    for part in parts:
        household.begin(part)
    while not stopping.is_set():
        # An event that a signal sets must not be waited for by the thread in which the signal is taken.
        time.sleep(LOOK_EVERY_S)
        _begin_anew(household)
    stop_listening()
    return _stop(household, wait_s)


def _begin_anew(household: Household) -> None:
    for part, code in household.find_ended():
        LOG.error("%s ended with %s; it is begun anew", part.name, code)
        end = time.monotonic() + PAUSE_S
        while time.monotonic() < end and not household.stopping.is_set():
            time.sleep(LOOK_EVERY_S)
        if not household.stopping.is_set():
            household.begin(part)


def _stop(household: Household, wait_s: float) -> bool:
    household.send(signal.SIGTERM)
    end = time.monotonic() + wait_s + GRACE_S
    while household.living and time.monotonic() < end:
        household.find_ended()
        time.sleep(LOOK_EVERY_S)
    finished = not household.living
    household.send(signal.SIGKILL)
    for number in household.living:
        os.waitpid(number, 0)
    return finished
