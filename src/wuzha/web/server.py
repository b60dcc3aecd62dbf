"""The server behind ``wuzha serve``: how it is opened, and how it stops without cutting anybody off."""

import socket
import time
from collections.abc import Callable, Sequence
from select import select
from threading import Event
from typing import Any

import waitress
from django.conf import settings
from waitress import wasyncore
from waitress.channel import HTTPChannel

MEGABYTE = 1024 * 1024
# Lines that are open at once; a phone or a server in front keeps one for a while.
CONNECTIONS = 1000
# A line on which nothing is asked for so long is closed.
IDLE_S = 120
# So often the loop looks whether it was asked to stop.
LOOK_EVERY_S = 0.25
# Once nothing is under way it waits so long for what is still on its way through the network.
QUIET_S = 0.5


def open_server(application: Callable[..., Any], sockets: Sequence[socket.socket]) -> Any:
    """A server at these sockets, which listen already; it answers once it is run."""
    return waitress.create_server(
        application,
        sockets=list(sockets),
        threads=settings.THREADS,
        connection_limit=CONNECTIONS,
        channel_timeout=IDLE_S,
        asyncore_use_poll=True,
        max_request_body_size=settings.REQUEST_LIMIT_MB * MEGABYTE,
        ident="",
        # The application does so itself, by WUZHA_PROXIES, which may name several and networks.
        clear_untrusted_proxy_headers=False,
    )


def serve_until(server: Any, stopping: Event, wait_s: float) -> bool:
    """Answers until ``stopping`` is set; then takes no new line and finishes what was asked.

    False where something was still under way after ``wait_s``, which is then cut off.
    """
    lines = _find_map(server)
    while not stopping.is_set():
        _turn(lines)
    _take_last_callers(lines)
    _stop_listening(lines)
    end, quiet_since = time.monotonic() + wait_s, time.monotonic()
    while time.monotonic() < end and time.monotonic() - quiet_since < QUIET_S:
        _turn(lines)
        if _is_busy(lines):
            quiet_since = time.monotonic()
    finished = not _is_busy(lines)
    server.task_dispatcher.shutdown(cancel_pending=True, timeout=1)
    return finished


def _turn(lines: dict[int, Any]) -> None:
    wasyncore.loop(timeout=LOOK_EVERY_S, use_poll=True, map=lines, count=1)


def _find_map(server: Any) -> dict[int, Any]:
    """Everything that the loop looks after: listening sockets, lines, and the trigger that wakes it."""
    found: dict[int, Any] = server.map if hasattr(server, "map") else server._map
    return found


def _take_last_callers(lines: dict[int, Any]) -> None:
    """Whoever was let in by the system and not yet by the program has been answered by nobody so far."""
    for one in list(lines.values()):
        while getattr(one, "accepting", False) and select([one.socket], [], [], 0)[0]:
            one.handle_accept()


def _stop_listening(lines: dict[int, Any]) -> None:
    for one in list(lines.values()):
        if getattr(one, "accepting", False):
            one.accepting = False
            one.del_channel(lines)
            one.socket.close()


def _is_busy(lines: dict[int, Any]) -> bool:
    """Whether something that was asked is not wholly answered: a request under way, or bytes still to be sent."""
    channels = [one for one in list(lines.values()) if isinstance(one, HTTPChannel)]
    return any(one.requests or one.request is not None or one.total_outbufs_len > 0 for one in channels)
