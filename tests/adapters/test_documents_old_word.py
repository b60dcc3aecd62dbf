"""Old Word files: how the program that turns them into text is started, whichever program the machine has.

The office here is a small program in its place that notes how it was called and gives a document back.
"""

import json
import os
import stat
import sys
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname
from xml.etree import ElementTree

import pytest

from tests.adapters.papers import make_word, p
from wuzha.adapters.documents import read_document

OLD_WORD = (Path(__file__).parent / "fixtures" / "plan.doc").read_bytes()
OFFICE = """#!{python}
import json, os, shutil, sys
words = sys.argv[1:]
home = next(word.split("=", 1)[1] for word in words if word.startswith("-env:UserInstallation="))
profile = home.removeprefix("file://")
files = sorted(os.path.relpath(os.path.join(at, name), profile) for at, _, names in os.walk(profile) for name in names)
settings = open(os.path.join(profile, "user", "registrymodifications.xcu"), encoding="utf-8").read()
told = {{"words": words, "home": home, "files": files, "settings": settings, "environment": dict(os.environ)}}
json.dump(told, open({notes!r}, "w"))
shutil.copy({answer!r}, os.path.join(words[words.index("--outdir") + 1], "PLAN.docx"))
"""
POSIX = pytest.mark.skipif(os.name != "posix", reason="the program in its place is a script with a first line")


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Puts the small program where an office would be found. Gives the file of its notes."""
    (tmp_path / "answer.docx").write_bytes(make_word(p("各村每月宣传1次。")))
    notes, program = tmp_path / "notes.json", tmp_path / "bin" / "soffice"
    program.parent.mkdir()
    program.write_text(
        OFFICE.format(python=sys.executable, notes=str(notes), answer=str(tmp_path / "answer.docx")), encoding="utf-8"
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(program.parent), prepend=os.pathsep)
    monkeypatch.setenv("HOME", str(tmp_path / "home of the site"))
    return notes


def read_settings(text: str) -> dict[str, str]:
    """The settings of the profile by their names, as the office reads them."""
    space = "{http://openoffice.org/2001/registry}"
    return {
        f"{item.attrib[space + 'path']}/{prop.attrib[space + 'name']}": prop.findtext("value") or ""
        for item in ElementTree.fromstring(text)
        for prop in item
    }


@POSIX
def test_an_office_is_started_with_macros_off_and_no_way_to_the_network(office: Path) -> None:
    document, problems = read_document("方案.doc", OLD_WORD)

    settings = read_settings(json.loads(office.read_text())["settings"])
    scripting = "/org.openoffice.Office.Common/Security/Scripting"
    assert document is not None
    assert (document.kind, document.text, problems) == ("doc", "各村每月宣传1次。", ())
    assert settings[f"{scripting}/DisableMacrosExecution"] == "true"
    assert settings[f"{scripting}/MacroSecurityLevel"] == "3"
    assert settings[f"{scripting}/BlockUntrustedRefererLinks"] == "true"
    assert settings[f"{scripting}/DisableActiveContent"] == "true"
    assert settings["/org.openoffice.Inet/Settings/ooInetProxyType"] == "2"
    assert settings["/org.openoffice.Inet/Settings/ooInetHTTPSProxyName"] == "127.0.0.1"


@POSIX
def test_an_office_is_started_in_an_empty_profile_of_its_own_that_is_gone_afterwards(office: Path) -> None:
    """Not in that of whoever runs the site, whose settings could trust more."""
    read_document("方案.doc", OLD_WORD)
    first = json.loads(office.read_text())
    read_document("方案.doc", OLD_WORD)
    second = json.loads(office.read_text())

    folder = Path(url2pathname(urlsplit(first["home"]).path))
    assert first["files"] == ["user/registrymodifications.xcu"]
    assert folder.parent == Path(first["environment"]["HOME"]) == Path(first["environment"]["TMPDIR"])
    assert folder.parent == Path(first["words"][-1]).parent
    assert first["home"] != second["home"]
    assert not folder.parent.exists()


@POSIX
def test_an_office_shows_no_window_and_takes_the_file_for_an_old_word_file_only(office: Path) -> None:
    read_document("方案.doc", OLD_WORD)

    words = json.loads(office.read_text())["words"]
    assert {"--headless", "--norestore", "--nolockcheck", "--nodefault", "--nofirststartwizard"} <= set(words)
    assert "--infilter=MS Word 97" in words
