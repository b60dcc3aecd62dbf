"""The evidence folder keeps what it acknowledged, whenever the process is killed, and never half a file."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from wuzha.adapters.evidence_store import EvidenceStore, GapError, StoreError, hash_content

# Keeps one file after another, and says the hash of each only once ``keep`` has returned.
KEEPER = """
import sys
from pathlib import Path
from wuzha.adapters.evidence_store import EvidenceStore
store = EvidenceStore(Path(sys.argv[1]))
for number in range(100_000):
    content = number.to_bytes(4, "big") * 4_000_000
    print(store.keep(content, content[:5_000]), flush=True)
"""
# Sends one upload in pieces, and says how much has arrived after each.
SENDER = """
import sys
from pathlib import Path
from wuzha.adapters.evidence_store import EvidenceStore
store = EvidenceStore(Path(sys.argv[1]))
for number in range(100_000):
    print(store.add_piece("one", number * 50_000, bytes([number % 251]) * 50_000), flush=True)
"""


def run_and_kill(code: str, root: Path, after_s: float) -> list[str]:
    """What the program acknowledged until it was killed in the middle of its work."""
    with subprocess.Popen([sys.executable, "-c", code, str(root)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        time.sleep(after_s)
        process.send_signal(signal.SIGKILL)
        return [line.strip() for line in (first, *process.stdout.readlines())]


def list_final(root: Path) -> list[Path]:
    return [file for file in root.glob("[0-9a-f][0-9a-f]/*") if file.is_file()]


@pytest.mark.parametrize("after_s", [0.01, 0.03, 0.05, 0.08, 0.1, 0.13, 0.2, 0.3])
def test_killed_at_any_moment_no_half_file_has_a_final_name(tmp_path: Path, after_s: float) -> None:
    told = run_and_kill(KEEPER, tmp_path, after_s)

    names = {file.name for file in list_final(tmp_path)}
    assert told
    assert set(told) <= names, "everything acknowledged is there"
    assert all(hash_content(file.read_bytes()) == file.name for file in list_final(tmp_path))
    assert all(EvidenceStore(tmp_path).find_thumbnail(name) for name in told)


@pytest.mark.parametrize("after_s", [0.02, 0.1])
def test_killed_in_the_middle_of_an_upload_it_goes_on_where_it_was_told(tmp_path: Path, after_s: float) -> None:
    told = [int(line) for line in run_and_kill(SENDER, tmp_path, after_s)]
    store = EvidenceStore(tmp_path)

    received = store.count_received("one")
    assert received >= told[-1] > 0
    # A piece that was being written when the power went is sent again over what is there.
    number = told[-1] // 50_000
    store.add_piece("one", told[-1], bytes([number % 251]) * 50_000)

    whole = b"".join(bytes([at % 251]) * 50_000 for at in range(number + 1))
    assert store.read_upload("one")[: len(whole)] == whole


def test_what_a_killed_process_left_behind_is_swept_after_a_day(tmp_path: Path) -> None:
    run_and_kill(KEEPER, tmp_path, 0.1)
    store = EvidenceStore(tmp_path)
    passing = tmp_path / "tmp" / "left"
    passing.write_bytes(b"half")
    tomorrow = datetime.now(tz=UTC) + timedelta(hours=25)

    store.sweep(lambda names: (), datetime.now(tz=UTC))
    assert passing.exists()
    store.sweep(lambda names: (), tomorrow)

    assert not passing.exists()
    assert not list_final(tmp_path)


def test_pieces_in_any_number_and_any_often_make_the_same_file(tmp_path: Path) -> None:
    store = EvidenceStore(tmp_path)
    content = os.urandom(10_000)
    for offset, length in ((0, 4_000), (0, 4_000), (3_000, 2_000), (5_000, 5_000), (0, 10_000)):
        store.add_piece("one", offset, content[offset : offset + length])

    assert store.read_upload("one") == content
    assert store.find_longest("on") == 10_000


def test_a_hole_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    store = EvidenceStore(tmp_path)
    store.add_piece("one", 0, b"abc")

    with pytest.raises(GapError) as gap:
        store.add_piece("one", 4, b"e")

    assert gap.value.received == 3
    assert store.read_upload("one") == b"abc"


def test_eight_senders_of_one_piece_at_once_leave_one_whole_piece(tmp_path: Path) -> None:
    store = EvidenceStore(tmp_path)
    content = os.urandom(200_000)
    threads = [threading.Thread(target=store.add_piece, args=("one", 0, content)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert store.read_upload("one") == content


def test_a_name_that_leads_out_of_the_folder_is_no_upload(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="etc"):
        EvidenceStore(tmp_path).add_piece("../etc", 0, b"x")


def test_a_full_disk_is_told_and_leaves_no_final_name(tmp_path: Path) -> None:
    """A process that may write no file above 100 KB meets what a full disk is: a write that takes only a part."""
    code = KEEPER.replace(
        "import sys", "import resource, signal, sys\nresource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))"
    ).replace("store = ", "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\nstore = ")

    answer = subprocess.run([sys.executable, "-c", code, tmp_path], capture_output=True, text=True, check=False)

    assert "StoreError" in answer.stderr
    assert not answer.stdout
    assert not list_final(tmp_path)
    assert not list((tmp_path / "tmp").glob("*"))


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(StoreError):
        EvidenceStore(tmp_path / "file").keep(b"x")


def test_the_sweep_waits_for_whoever_is_just_keeping_a_file(tmp_path: Path) -> None:
    store = EvidenceStore(tmp_path)
    swept = threading.Event()
    later = datetime.now(tz=UTC) + timedelta(days=2)

    def sweep() -> None:
        store.sweep(lambda names: names, later)
        swept.set()

    with store.hold():
        store.keep(b"content")
        thread = threading.Thread(target=sweep)
        thread.start()
        assert not swept.wait(0.3)
    thread.join(5)
    assert swept.is_set()
