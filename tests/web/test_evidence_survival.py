"""The server killed with -9 in the middle of an upload, and the network cut: what was acknowledged is there, once."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection

from tests.adapters.photos import draw_scene, save_jpeg
from wuzha.adapters.evidence_store import hash_content

WUZHA = [sys.executable, "-m", "wuzha"]
PREPARE = """
from django.contrib.auth.models import update_last_login
from django.test import Client
from tests.web.cast import make_cast
cast = make_cast()
browser = Client()
browser.force_login(cast.secretary)
browser.get("/me/")
print("COOKIE", browser.cookies["sessionid"].value)
"""
PIECE = 30_000
STARTING_S = 60


def make_environment(data: Path) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("WUZHA_", "DJANGO_"))}
    root = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join((root, f"{root}/src"))
    return clean | {"WUZHA_DATA": str(data), "PYTHONPATH": path, "DJANGO_SETTINGS_MODULE": "wuzha.settings"}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def cookie(data: Path) -> str:
    """A prepared site; the key of the secretary, who has logged in."""
    environment = make_environment(data)
    for command in (["manage", "migrate", "--verbosity", "0"], ["manage", "shell", "-c", PREPARE]):
        answer = subprocess.run([*WUZHA, *command], env=environment, capture_output=True, text=True, check=False)
        assert answer.returncode == 0, answer.stderr
    return answer.stdout.split("COOKIE ")[1].strip()


@contextmanager
def serve(data: Path) -> Iterator[tuple["subprocess.Popen[bytes]", int]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [*WUZHA, "serve", "--host", "127.0.0.1", "--port", str(port), "--data", str(data)]
    with subprocess.Popen(command, env=make_environment(data), stdout=subprocess.DEVNULL) as server:
        try:
            wait_for(port)
            yield server, port
        finally:
            server.kill()


def wait_for(port: int) -> None:
    end = time.monotonic() + STARTING_S
    while time.monotonic() < end:
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/log-in/", timeout=5):
            return
        time.sleep(0.1)
    raise TimeoutError(port)


class Phone:
    """Sends pieces with the key, as the page of the phone does."""

    def __init__(self, port: int, cookie: str) -> None:
        self.port, self.cookie = port, cookie

    def make_head(self, pk: UUID, content: bytes, offset: int) -> dict[str, str]:
        return {
            "Cookie": f"sessionid={self.cookie}; csrftoken={'a' * 32}",
            "X-CSRFToken": "a" * 32,
            "X-Record": str(pk),
            "X-Size": str(len(content)),
            "X-Offset": str(offset),
            "X-SHA256": hash_content(content),
            "X-Name": "photo.jpg",
        }

    def send(self, pk: UUID, content: bytes, offset: int) -> dict[str, Any]:
        line = HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            piece = content[offset : offset + PIECE]
            line.request("PUT", f"/evidence/{pk}/", piece, self.make_head(pk, content, offset))
            answer = line.getresponse()
            told: dict[str, Any] = json.loads(answer.read())
            assert answer.status == 200, told
            return told
        finally:
            line.close()

    def send_from(self, pk: UUID, content: bytes, offset: int) -> dict[str, Any]:
        told: dict[str, Any] = {"received": offset, "complete": False}
        while not told["complete"]:
            told = self.send(pk, content, told["received"])
        return told

    def ask(self, pk: UUID) -> dict[str, Any]:
        line = HTTPConnection("127.0.0.1", self.port, timeout=20)
        line.request("GET", f"/evidence/{pk}/", headers={"Cookie": f"sessionid={self.cookie}"})
        told: dict[str, Any] = json.loads(line.getresponse().read())
        line.close()
        return told

    def break_off(self, pk: UUID, content: bytes, offset: int) -> None:
        """The network is cut in the middle of a piece."""
        head = self.make_head(pk, content, offset) | {"Content-Length": str(PIECE), "Host": "127.0.0.1"}
        lines = [f"PUT /evidence/{pk}/ HTTP/1.1", *(f"{name}: {value}" for name, value in head.items()), "", ""]
        with socket.create_connection(("127.0.0.1", self.port)) as line:
            line.sendall("\r\n".join(lines).encode() + content[offset : offset + PIECE // 2])


def make_photos(number: int) -> dict[UUID, bytes]:
    return {uuid4(): save_jpeg(draw_scene(seed, (1600, 1200)), quality=95) for seed in range(number)}


def list_final(data: Path) -> list[Path]:
    return [file for file in (data / "evidence").glob("[0-9a-f][0-9a-f]/*") if file.is_file()]


def send_until_the_end(phone: Phone, photos: dict[UUID, bytes], told: dict[UUID, dict[str, Any]]) -> None:
    """Photo after photo, noting what was acknowledged, until nobody answers any more."""
    with suppress(OSError, HTTPException, ValueError):
        for pk, content in photos.items():
            while not told[pk]["complete"]:
                told[pk] = phone.send(pk, content, told[pk]["received"])


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the site of this test keeps its own SQLite file either way")
def test_uploads_survive_the_server_being_killed_and_the_network_being_cut(data: Path, cookie: str) -> None:
    photos = make_photos(8)
    told: dict[UUID, dict[str, Any]] = {pk: {"received": 0, "complete": False} for pk in photos}
    cut, *others = photos
    with serve(data) as (server, port):
        phone = Phone(port, cookie)
        told[cut] = phone.send(cut, photos[cut], 0)
        phone.break_off(cut, photos[cut], PIECE)
        assert phone.ask(cut) == {"received": PIECE, "complete": False, "problems": []}
        sender = Thread(target=send_until_the_end, args=(phone, {pk: photos[pk] for pk in others}, told))
        sender.start()
        wait_until(lambda: any(state["complete"] for state in told.values()))
        server.send_signal(signal.SIGKILL)
        server.wait()
        sender.join(30)

    assert not all(state["complete"] for state in told.values()), "it was killed in the middle"
    assert all(hash_content(file.read_bytes()) == file.name for file in list_final(data))
    with serve(data) as (_, port):
        phone = Phone(port, cookie)
        for pk, content in photos.items():
            state = phone.ask(pk)
            assert state["received"] >= told[pk]["received"], "nothing acknowledged was lost"
            assert state["complete"] or not told[pk]["complete"]
            assert phone.send_from(pk, content, 0 if state["complete"] else state["received"])["complete"] is True
    assert len(list_final(data)) == len(photos)
    assert all(hash_content(file.read_bytes()) == file.name for file in list_final(data))


def wait_until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + STARTING_S
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.005)
