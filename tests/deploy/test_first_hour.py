"""The administrator's first hour, followed word by word in empty folders: what stands in docs/first-hour.md is run."""

import os
import re
import shutil
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.deploy.test_units import UNITS

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs/first-hour.md"
BLOCK = re.compile(r"^```sh( systemd)?\n(.*?)^```", re.MULTILINE | re.DOTALL)
# The one thing that is another one here: where things lie on this machine.
PLACES = {"PROGRAM": "/opt/wuzha", "WUZHA_DATA": "/var/lib/wuzha", "BACKUP": "/var/backups/wuzha", "USB": "/media/usb"}
MAKING_S = 600


def list_blocks(kind: str) -> list[str]:
    return [text for label, text in BLOCK.findall(GUIDE.read_text(encoding="utf-8")) if label.strip() == kind]


def find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def put_elsewhere(block: str, folder: Path) -> str:
    """The first block with other places; every one of them is named in it."""
    for name, place in PLACES.items():
        assert f"export {name}={place} " in block, name
        block = block.replace(f"={place} ", f"={folder / name.lower()} ")
    assert "export PORT=8000 " in block
    return block.replace("=8000 ", f"={find_free_port()} ")


@dataclass(frozen=True, slots=True)
class Hour:
    """What was said while everything was done, and where."""

    said: str
    folder: Path


@pytest.fixture(scope="module")
def hour(tmp_path_factory: pytest.TempPathFactory) -> Hour:
    folder = tmp_path_factory.mktemp("hour")
    made = subprocess.run(
        ["scripts/bundle", str(folder)], cwd=ROOT, capture_output=True, text=True, check=False, timeout=MAKING_S
    )
    assert made.returncode == 0, made.stderr
    (folder / "usb").mkdir()
    (folder / "home").mkdir()
    first, *others = list_blocks("")
    script = "\n".join(["set -euo pipefail", put_elsewhere(first, folder), *others])
    clean = {name: os.environ[name] for name in ("PATH", "SSL_CERT_FILE") if name in os.environ}
    done = subprocess.run(
        ["bash", "-c", script], cwd=folder, capture_output=True, text=True, check=False, timeout=MAKING_S,
        env=clean | {"HOME": str(folder / "home"), "LANG": "C.UTF-8"},
    )  # fmt: skip
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return Hour(done.stdout + done.stderr, folder)


needs_wget = pytest.mark.skipif(
    shutil.which("wget") is None and os.environ.get("CI") != "true", reason="wget is not on this machine"
)


@needs_wget
def test_every_command_of_the_first_hour_does_what_the_page_says(hour: Hour) -> None:
    for promised in ("wuzha 0.1.0", "账号：admin", "初始密码：", "网站打开了", "恢复的网站打开了", "没有改动"):
        assert promised in hour.said, hour.said


@needs_wget
def test_the_private_key_is_not_left_on_the_server(hour: Hour) -> None:
    told = (hour.folder / "usb/backup-key.txt").read_text(encoding="utf-8")
    secret = next(line for line in told.splitlines() if line.startswith("AGE-SECRET-KEY"))
    kept = [*(hour.folder / "wuzha_data").rglob("*"), *(hour.folder / "backup").rglob("*")]
    assert kept
    assert not [path for path in kept if path.is_file() and secret.encode() in path.read_bytes()]


@needs_wget
def test_only_the_owner_may_enter_the_data(hour: Hour) -> None:
    assert (hour.folder / "wuzha_data").stat().st_mode & 0o077 == 0


@needs_wget
def test_a_damaged_bundle_installs_nothing(hour: Hour, tmp_path: Path) -> None:
    shutil.copytree(hour.folder / "wuzha-bundle", tmp_path / "bundle")
    wheel = next((tmp_path / "bundle/own").glob("*.whl"))
    wheel.write_bytes(wheel.read_bytes() + b"\0")

    told = subprocess.run(
        [str(tmp_path / "bundle/install"), str(tmp_path / "place")], capture_output=True, text=True, check=False
    )

    assert told.returncode == 1
    assert "没有安装" in told.stderr
    assert not (tmp_path / "place").exists()


def test_what_is_done_by_hand_names_units_and_files_that_are_there() -> None:
    text = "".join(list_blocks("systemd"))
    units = set(re.findall(r"wuzha[\w@-]*\.(?:service|timer)", text))
    assert units >= {"wuzha.service", "wuzha-worker.service", "wuzha-tick.timer", "wuzha-backup.timer"}
    assert units <= {one.name for one in UNITS.iterdir()}
    named = re.findall(r"/opt/wuzha/(deploy/[\w./-]+[\w])", text)
    assert named
    assert [one for one in named if not (ROOT / one).exists()] == []


def test_places_in_the_page_are_those_of_the_units() -> None:
    units = "".join(one.read_text(encoding="utf-8") for one in UNITS.iterdir())
    assert [place for name, place in PLACES.items() if name != "USB" and place not in units] == []
