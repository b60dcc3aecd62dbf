"""Reading a document in a process of its own, which may die without harm; its answer is data that is checked.

Whatever the bytes do to the parser (eat memory, run forever, crash it), the answer is one problem within the time
given. At most ``AT_ONCE`` documents are read at the same time, so that uploads cannot fill the machine's memory.
"""

import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import IO, Any

from wuzha.adapters.documents.limits import Limits
from wuzha.adapters.documents.model import KINDS, MAX_CHARACTERS, Found, RefusedError
from wuzha.core.base.problem import Problem, Severity

AT_ONCE = 2
PATIENCE_S = 5.0
"""How long a document waits for others to be read."""
MAX_ANSWER_BYTES = 12 * MAX_CHARACTERS + 65_536
"""JSON in ASCII takes at most twelve bytes a sign."""

_CHILD = "wuzha.adapters.documents.child"
_BOUND = "wuzha.adapters.documents.bound"
_SLOTS = threading.BoundedSemaphore(AT_ONCE)
_IS_POSIX = os.name == "posix"
_log = logging.getLogger(__name__)


class Slot:
    """``with Slot():`` one of the places at which documents are read; refused when all stay taken."""

    def __enter__(self) -> None:
        if not _SLOTS.acquire(timeout=PATIENCE_S):
            raise RefusedError("document.busy")

    def __exit__(self, *_: object) -> None:
        _SLOTS.release()


def read_apart(format_: str, content: bytes, limits: Limits) -> Found:
    """What the reader of the format gives. Raises ``RefusedError``; ``document.too-costly`` for every death."""
    command = [*_start_python(_CHILD), format_, str(limits.characters), str(limits.signs_a_second)]
    code, answer = run_bound([*command, *limits.as_words()], content, limits.wall_s)
    if code != 0:
        _log.warning("reading a %s of %d bytes ended with code %s", format_, len(content), code)
        raise RefusedError("document.too-costly")
    return _check_answer(answer)


def bind_command(command: Sequence[str], limits: Limits) -> list[str]:
    """The command under these limits; as it is where the system knows none."""
    return [*_start_python(_BOUND), *limits.as_words(), *command] if _IS_POSIX else [*command]


def run_bound(
    command: Sequence[str], content: bytes, wall_s: float, environment: Mapping[str, str] | None = None
) -> tuple[int | None, bytes]:
    """The exit code and what was written to standard output, cut at ``MAX_ANSWER_BYTES``; no code when out of time."""
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_make_environment() if environment is None else {**_make_environment(), **environment},
        start_new_session=_IS_POSIX,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    ends = time.monotonic() + wall_s
    answer: list[bytes] = []
    threads = (
        threading.Thread(target=_send, args=(process.stdin, content), daemon=True),
        threading.Thread(target=_receive, args=(process.stdout, answer), daemon=True),
    )
    for thread in threads:
        thread.start()
    try:
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(ends - time.monotonic(), 0))
        return process.poll(), b"".join(answer) if _join(threads, process) else b""
    finally:
        _end(process)


def _join(threads: Sequence[threading.Thread], process: "subprocess.Popen[bytes]") -> bool:
    """Lets what is on its way arrive; a process that is still running is ended first."""
    if process.returncode is None:
        _end(process)
    for thread in threads:
        thread.join(2)
    return not any(thread.is_alive() for thread in threads)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Ends the process with all that it started."""
    with suppress(ProcessLookupError, PermissionError):
        if _IS_POSIX:
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()


def _send(pipe: IO[bytes] | None, content: bytes) -> None:
    if pipe is not None:
        with suppress(OSError), pipe:
            pipe.write(content)


def _receive(pipe: IO[bytes] | None, answer: list[bytes]) -> None:
    if pipe is not None:
        with suppress(OSError, ValueError), pipe:
            answer.append(pipe.read(MAX_ANSWER_BYTES + 1))


def _start_python(module: str) -> list[str]:
    """Without the site's start-up files and without the folder that it happens to stand in."""
    return [sys.executable, "-S", "-P", "-m", module]


def _make_environment() -> dict[str, str]:
    """Only what finding programs and modules needs: no settings and no secrets of the site."""
    kept = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR")
    paths = [path or os.getcwd() for path in sys.path]  # noqa: PTH109 - a text is wanted
    return {
        **{name: os.environ[name] for name in kept if name in os.environ},
        "PYTHONPATH": os.pathsep.join(paths),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUTF8": "1",
    }


def _check_answer(answer: bytes) -> Found:
    """The answer as values; anything that is not of the form the child writes is taken for a broken document."""
    try:
        if len(answer) > MAX_ANSWER_BYTES:
            raise ValueError("too long")
        said = json.loads(answer)
        told = tuple(_decode(problem) for problem in said["problems"])
        if "text" not in said:
            raise RefusedError(told[0].code, **told[0].values)
        return _make_found(said, told)
    except (ValueError, KeyError, TypeError, IndexError, RecursionError) as error:
        raise RefusedError("document.broken") from error


def _make_found(said: Any, told: tuple[Problem, ...]) -> Found:
    kind, text = said["kind"], said["text"]
    if kind not in KINDS or not isinstance(text, str) or len(text) > MAX_CHARACTERS:
        raise ValueError(kind)
    text.encode()  # UnicodeEncodeError is a ValueError: half pairs can be stored nowhere
    return Found(kind, text, told)


def _decode(said: Any) -> Problem:
    params = sorted((str(name), str(value)[:200]) for name, value in said["params"].items())
    severity: Severity = "warning" if said["severity"] == "warning" else "error"
    return Problem(str(said["code"])[:60], params=tuple(params), severity=severity)
