"""Settings: one table that keeps up with the program, and a command that tells what is in effect and what is unsafe."""

import ast
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.survival.server import WUZHA, make_environment

ROOT = Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\| `WUZHA_(\w+)` \| (.*?) \| (.*) \|$", re.MULTILINE)


def read_defaults() -> dict[str, Any]:
    """What each setting is where nobody sets it, as the program has it."""
    tree = ast.parse((ROOT / "src/wuzha/settings.py").read_text(encoding="utf-8"))
    called = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    calls = [call for call in called if re.fullmatch(r"env\.\w+", ast.unparse(call.func))]
    return {ast.literal_eval(call.args[0]): read_literal(call.args[1]) for call in calls}


def read_literal(node: ast.expr) -> Any:
    """What hangs on another setting is told in words."""
    return "" if isinstance(node, ast.Compare) else ast.literal_eval(node)


def read_table() -> dict[str, tuple[str, str]]:
    text = (ROOT / "docs/deploy.md").read_text(encoding="utf-8")
    return {name: (default, meaning) for name, default, meaning in ROW.findall(text)}


def says(told: str, default: Any) -> bool:
    """Whether the cell tells that default; where there is none it says in words what holds then."""
    plain = told.strip("`")
    match default:
        case bool():
            return plain == ("on" if default else "off")
        case int() | float():
            return bool(float(plain) == default)
        case list() if default == ["*"]:
            return plain == "any"
        case list():
            return plain == ",".join(default) if default else plain in ("none", "nobody")
        case "":
            return bool(plain)
        case _:
            return bool(plain == default)


@pytest.mark.parametrize("name", sorted(read_defaults()))
def test_the_table_has_the_setting_with_its_default_and_what_it_does(name: str) -> None:
    default, meaning = read_table()[name]
    assert says(default, read_defaults()[name]), default
    assert len(meaning) > 20


def test_the_table_has_no_setting_that_is_gone() -> None:
    assert set(read_table()) == set(read_defaults())


def ask(data: Path, *arguments: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [str(WUZHA), "settings", *arguments],
        env=make_environment(data, "") | settings, capture_output=True, text=True, check=False,
    )  # fmt: skip


def list_codes(told: "subprocess.CompletedProcess[str]") -> set[str]:
    return {one["code"].removeprefix("setting.") for one in json.loads(told.stdout)["warnings"]}


def test_no_secret_is_told(tmp_path: Path) -> None:
    secret = "a-very-long-and-very-secret-key-of-somebody"
    (tmp_path / "address").write_text("postgres://wuzha:pass-word@127.0.0.1:1/none")
    told = ask(tmp_path / "data", WUZHA_SECRET_KEY=secret, WUZHA_OIDC_SECRET="hush-hush")

    assert told.returncode == 0, told.stderr
    assert "***" in told.stdout
    assert not [word for word in (secret, "hush-hush") if word in told.stdout + told.stderr]


def test_each_setting_stands_apart_from_its_value(tmp_path: Path) -> None:
    lines = [line for line in ask(tmp_path / "data").stdout.splitlines() if line.startswith("WUZHA_")]

    assert {line.split()[0].removeprefix("WUZHA_") for line in lines} >= set(read_defaults()) - {"SECRET_KEY_FILE"}
    assert {line.find("  ") > 0 for line in lines} == {True}


@pytest.mark.parametrize(
    ("settings", "code", "status"),
    [
        ({"WUZHA_DEBUG": "1"}, "debug", 0),
        ({"WUZHA_DEBUG": "1", "WUZHA_HTTPS": "1"}, "debug", 1),
        ({"WUZHA_HTTPS": "1"}, "any-host", 0),
        ({"WUZHA_HTTPS": "1", "WUZHA_PROXIES": ""}, "https-without-proxy", 1),
        ({"WUZHA_PROXIES": "0.0.0.0/0"}, "any-proxy", 0),
        ({"WUZHA_SECRET_KEY": "short"}, "short-key", 1),
        ({}, "key-beside-data", 0),
        ({}, "no-https", 0),
    ],
)
def test_what_is_unsafe_is_told(tmp_path: Path, settings: dict[str, str], code: str, status: int) -> None:
    told = ask(tmp_path / "data", "--json", **settings)
    assert code in list_codes(told)
    assert told.returncode == status


def test_a_folder_that_others_may_enter_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(mode=0o755)
    assert "folder-open" in list_codes(ask(tmp_path / "data", "--json"))
    (tmp_path / "data").chmod(0o700)
    assert "folder-open" not in list_codes(ask(tmp_path / "data", "--json"))


def test_safe_settings_are_told_nothing(tmp_path: Path) -> None:
    safe = {"WUZHA_HTTPS": "1", "WUZHA_ALLOWED_HOSTS": "fz.example.gov.cn", "WUZHA_SECRET_KEY": "k" * 40}
    assert list_codes(ask(tmp_path / "data", "--json", **safe)) <= {"little-disk"}


def test_a_setting_that_cannot_be_read_is_said_in_a_sentence(tmp_path: Path) -> None:
    for wrong in ({"WUZHA_THREADS": "0"}, {"WUZHA_DATABASE_URL": "mysql://x"}, {"WUZHA_SECRET_KEY_FILE": "/not/there"}):
        told = ask(tmp_path / "data", **wrong)
        assert told.returncode == 2
        assert "设置读不了" in told.stderr
        assert "Traceback" not in told.stderr


@pytest.mark.parametrize(
    "wrong",
    [
        {"WUZHA_SECOND_FACTOR_FOR": "officier"},
        {"WUZHA_STEP_UP_MINUTES": "-5"},
        {"WUZHA_SESSION_IDLE_H": "0"},
        {"WUZHA_SESSION_DAYS": "0"},
    ],
)
def test_a_setting_that_would_quietly_protect_nothing_is_refused(tmp_path: Path, wrong: dict[str, str]) -> None:
    told = ask(tmp_path / "data", **wrong)
    assert told.returncode == 2
    assert "设置读不了" in told.stderr


ADMINISTRATOR = """
import django
django.setup()
from wuzha.web.accounts.models import AuditEntry, User
user = User.objects.get()
import sys
assert user.is_superuser and user.check_password(sys.argv[1]) and user.display_name == "专干"
assert AuditEntry.objects.filter(action="user.made-administrator").count() == 1
"""


def test_the_first_administrator_is_made_once_with_a_password_that_opens(tmp_path: Path) -> None:
    environment = make_environment(tmp_path / "data", "")

    def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run([str(WUZHA), *arguments], env=environment, capture_output=True, text=True, check=False)

    run("migrate")
    made = run("administrator", "admin", "--name", "专干")
    again = run("administrator", "admin")
    odd = run("administrator", "a b")

    assert made.returncode == 0, made.stderr
    found = re.search(r"初始密码：(\S+)", made.stdout)
    assert found
    check = subprocess.run(
        [sys.executable, "-c", ADMINISTRATOR, found[1]], env=environment, capture_output=True, text=True, check=False
    )
    assert check.returncode == 0, check.stderr
    assert (again.returncode, odd.returncode) == (2, 2)
    assert "已经有了" in again.stderr
