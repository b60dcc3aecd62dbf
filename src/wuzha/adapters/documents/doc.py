"""Old Word files (.doc) by a program that the machine has: LibreOffice, else antiword. Without one, a plain message.

LibreOffice keeps tables and numbers, so it comes first. It runs with limits and a time of its own, in an empty
profile that runs no macro and reaches no network; its folder is removed whatever happens.
"""

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from wuzha.adapters.documents.apart import bind_command, run_bound
from wuzha.adapters.documents.limits import Limits
from wuzha.adapters.documents.model import MAX_BYTES, RefusedError

OFFICES = ("soffice", "libreoffice")
ANTIWORD = "antiword"
OFFICE_LIMITS = Limits(memory=4 * 1024**3, written=64 * 1024**2, cpu_s=12, wall_s=12.0)
"""An office program maps far more than it uses."""

_SETTINGS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "/org.openoffice.Office.Common/Security/Scripting": {
            **{"DisableMacrosExecution": "true", "MacroSecurityLevel": "3"},
            **{"BlockUntrustedRefererLinks": "true", "DisableActiveContent": "true"},
        },
        "/org.openoffice.Inet/Settings": {
            **{"ooInetProxyType": "2", "ooInetHTTPProxyName": "127.0.0.1", "ooInetHTTPProxyPort": "9"},
            **{"ooInetHTTPSProxyName": "127.0.0.1", "ooInetHTTPSProxyPort": "9"},
        },
    }
)


def convert(content: bytes, wall_s: float) -> tuple[str, bytes]:
    """The format it was turned into (docx or antiword) with the bytes. Raises ``RefusedError``."""
    office = next((found for name in OFFICES if (found := shutil.which(name))), None)
    if office is not None:
        return "docx", _convert_in_office(office, content, wall_s)
    antiword = shutil.which(ANTIWORD)
    if antiword is not None:
        return "antiword", _read_in_antiword(antiword, content, wall_s)
    raise RefusedError("document.old-word")


def _convert_in_office(office: str, content: bytes, wall_s: float) -> bytes:
    with tempfile.TemporaryDirectory(prefix="wuzha-doc-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "PLAN.doc").write_bytes(content)
        _write_profile(folder / "profile" / "user")
        command = [
            *(office, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore"),
            *("--nolockcheck", "--nodefault", "--nofirststartwizard", "--infilter=MS Word 97"),
            *("--convert-to", "docx:MS Word 2007 XML", "--outdir", name, str(folder / "PLAN.doc")),
        ]
        _run(bind_command(command, OFFICE_LIMITS), b"", wall_s, {"HOME": name, "TMPDIR": name})
        return _take(folder / "PLAN.docx")


def _read_in_antiword(antiword: str, content: bytes, wall_s: float) -> bytes:
    """Lines are not broken, so that a paragraph stays one line."""
    with tempfile.TemporaryDirectory(prefix="wuzha-doc-", ignore_cleanup_errors=True) as name:
        file = Path(name) / "PLAN.doc"
        file.write_bytes(content)
        command = [antiword, "-m", "UTF-8.txt", "-w", "0", str(file)]
        return _run(bind_command(command, OFFICE_LIMITS), b"", wall_s, {"HOME": name})


def _run(command: list[str], content: bytes, wall_s: float, environment: Mapping[str, str]) -> bytes:
    code, answer = run_bound(command, content, min(wall_s, OFFICE_LIMITS.wall_s), environment)
    if code != 0:
        raise RefusedError("document.too-costly" if code is None or code < 0 else "document.broken")
    return answer


def _take(file: Path) -> bytes:
    """What the program wrote; nothing, if it could not read the file."""
    if not file.is_file():
        raise RefusedError("document.broken")
    if file.stat().st_size > MAX_BYTES:
        raise RefusedError("document.too-costly")
    return file.read_bytes()


def _write_profile(folder: Path) -> None:
    items = "".join(
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, values in _SETTINGS.items()
        for name, value in values.items()
    )
    folder.mkdir(parents=True)
    (folder / "registrymodifications").with_suffix(".xcu").write_text(
        f'<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">{items}</oor:items>',
        encoding="utf-8",
    )
