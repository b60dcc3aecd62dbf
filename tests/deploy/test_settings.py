"""Settings: one table that keeps up with the program, and a command that tells what is in effect and what is unsafe."""

import ast
import json
import re
import runpy
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.survival.server import WUZHA, make_environment
from wuzha.adapters.environment import STEERING, WrongSettingError
from wuzha.cli.site import _keep_secret_key

ROOT = Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\| `WUZHA_(\w+)` \| (.*?) \| (.*) \|$", re.MULTILINE)


def read_defaults() -> dict[str, Any]:
    """What each setting is where nobody sets it, as the program has it."""
    tree = ast.parse((ROOT / "src/wuzha/settings.py").read_text(encoding="utf-8"))
    called = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    calls = [call for call in called if re.fullmatch(r"env\.\w+", ast.unparse(call.func))]
    return {ast.literal_eval(call.args[0]): read_literal(call.args[1]) for call in calls if len(call.args) > 1}


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
        ({"WUZHA_OIDC_ISSUER": "https://id.example.gov.cn"}, "half-central", 1),
        ({"WUZHA_OIDC_CLIENT_ID": "wuzha"}, "half-central", 1),
        ({"WUZHA_METRICS": "key"}, "metrics-without-key", 1),
        ({"WUZHA_RATE_FACTOR": "0"}, "no-rates", 0),
        ({"WUZHA_SECOND_FACTOR": "officer"}, "unknown", 0),
        ({"WUZHA_HTTPS_FILE_FILE": "x"}, "unknown", 0),
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


# What each setting must not be: misspelt, turned round, beyond what anybody means, or two lines.
WRONG: dict[str, tuple[str, ...]] = {
    "DATA": ("a\nb",),
    "KEYS": ("keys\n/etc",),
    "SEALS": ("seals\tx",),
    "DATABASE_URL": ("mysql://x", "sqlite:///x", "wuzha", "postgres://u:p@h:port/n"),
    "DATABASE_WAIT_S": ("0", "-1", "601", "20s", "1e3", ""),
    "SECRET_KEY": ("hunter2", "k" * 31),
    "ALLOWED_HOSTS": ("https://fz.example.gov.cn", "fz.example.gov.cn:443", "", "a b", "*.example.gov.cn"),
    "HTTPS": ("https", "2", "enabled", "是"),
    "SESSION_IDLE_H": ("0", "-1", "721", "3.5", "three"),
    "SESSION_DAYS": ("0", "-1", "91", "３０天"),
    "STEP_UP_MINUTES": ("0", "-5", "481", "never"),
    "SECOND_FACTOR_FOR": ("officier", "officer;admin", "Officer", "all", "town,village"),
    "OIDC_ISSUER": (
        "ftp://x",
        "http://id.example.gov.cn",
        "id.example.gov.cn",
        "https://",
        "https://a@b/",
        "https://a/?x",
    ),
    "OIDC_CLIENT_ID": ("wuzha\nother",),
    "OIDC_SECRET": ("se\x00cret",),
    "OIDC_CLAIM": ("", "user name", "姓名"),
    "OIDC_NAME": ("统一\x1b[2J认证",),
    "INVITATION_DAYS": ("0", "91", "-14"),
    "EVIDENCE_LIMIT_MB": ("0", "-20", "100000", "20MB"),
    "EXPORT_AT_ONCE_ROWS": ("-1", "1000001", "many"),
    "JOB_LEASE_S": ("0", "-30", "3601"),
    "PROCESSES": ("-1", "65", "many"),
    "THREADS": ("0", "65", "many"),
    "REQUEST_LIMIT_MB": ("31", "-1", "1025"),
    "STOP_WAIT_S": ("-1", "601"),
    "RATE_FACTOR": ("-1", "nan", "inf", "off", "1001"),
    "COORDINATES": ("wgs-84", "WGS84", "bd09"),
    "PROXIES": ("everything", "*", "10.0.0.0/33", "proxy.example", "10.0.0.1;10.0.0.2"),
    "LOG": ("xml", "JSON"),
    "LOG_REQUESTS": ("maybe",),
    "HEALTH_KEY": ("hunter2", "k" * 15),
    "METRICS": ("on", "everybody"),
    "DISK_LEAST_MB": ("0", "-1", "half"),
    "AUDIT_KEEP_NETWORK_DAYS": ("183", "0", "-1"),
    "AUDIT_KEEP_PERSONAL_DAYS": ("1095", "-1"),
    "AUDIT_KEEP_DEED_DAYS": ("1095", "36526"),
    "DEBUG": ("nope",),
}
SECRETS = ("SECRET_KEY", "DATABASE_URL", "OIDC_SECRET", "HEALTH_KEY")
CASES = [(name, value) for name in sorted(read_table()) for value in WRONG.get(name, ())]


def read_settings() -> dict[str, Any]:
    """As a program that starts reads them."""
    return runpy.run_path(str(ROOT / "src/wuzha/settings.py"))


def test_each_setting_of_the_table_is_tried_with_a_wrong_value() -> None:
    assert set(WRONG) == set(read_table())


@pytest.mark.parametrize(("name", "value"), CASES)
def test_a_value_that_cannot_be_meant_is_refused_by_name_with_what_is_allowed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str
) -> None:
    """From a file, since the environment itself takes no NUL."""
    monkeypatch.delenv(f"WUZHA_{name}", raising=False)
    monkeypatch.setenv(f"WUZHA_{name}_FILE", str(tmp_path / "value"))
    (tmp_path / "value").write_text(value, encoding="utf-8")
    with pytest.raises(WrongSettingError) as refused:
        read_settings()
    for language in ("zh", "en"):
        told = refused.value.say(language)
        assert f"WUZHA_{name}" in told
        assert not STEERING.search(told)
        if name in SECRETS:
            assert "***" in told
            assert value not in told
        else:
            assert STEERING.sub("?", value) in told


@pytest.mark.parametrize("name", sorted(read_table()))
def test_a_file_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(f"WUZHA_{name}_FILE", "/not/there")
    with pytest.raises(WrongSettingError) as refused:
        read_settings()
    assert f"WUZHA_{name}_FILE" in refused.value.say("zh")


RIGHT: tuple[tuple[str, str, object], ...] = (
    ("PROXIES", "10.0.0.0/8, ::1", ["10.0.0.0/8", "::1"]),
    ("PROXIES", "", []),
    ("ALLOWED_HOSTS", "fz.example.gov.cn,.example.gov.cn,10.1.2.3,[::1]", 4),
    ("SECOND_FACTOR_FOR", " officer , admin ", ["officer", "admin"]),
    ("HTTPS", "True", True),
    ("HTTPS", "0", False),
    ("RATE_FACTOR", "0.5", 0.5),
)


@pytest.mark.parametrize(("name", "value", "meant"), RIGHT)
def test_what_is_meant_is_read(monkeypatch: pytest.MonkeyPatch, name: str, value: str, meant: object) -> None:
    monkeypatch.setenv(f"WUZHA_{name}", value)
    found = read_settings()[name]
    assert (len(found) if isinstance(meant, int) and not isinstance(meant, bool) else found) == meant


@pytest.mark.parametrize("issuer", ["https://id.example.gov.cn/realms/x/", "http://127.0.0.1:8080", "http://[::1]/x"])
def test_a_central_log_in_may_be_anywhere_that_is_safe(monkeypatch: pytest.MonkeyPatch, issuer: str) -> None:
    monkeypatch.setenv("WUZHA_OIDC_ISSUER", issuer)
    assert read_settings()["OIDC"]["issuer"] == issuer.rstrip("/")


@pytest.mark.parametrize("command", [["settings"], ["serve", "--port", "1"], ["manage", "check"], ["worker"]])
def test_whatever_starts_says_which_setting_is_wrong_and_starts_nothing(tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "data").mkdir(mode=0o700)
    environment = make_environment(tmp_path / "data", "") | {"WUZHA_STEP_UP_MINUTES": "-5"}
    told = subprocess.run([str(WUZHA), *command], env=environment, capture_output=True, text=True, check=False)

    assert told.returncode == 2
    assert "设置 WUZHA_STEP_UP_MINUTES 的值“-5”不能用，要写 1–480 之间的整数。" in told.stderr
    assert "Traceback" not in told.stderr


def test_what_is_dangerous_together_is_found_by_the_check_of_the_site(tmp_path: Path) -> None:
    environment = make_environment(tmp_path / "data", "") | {"WUZHA_METRICS": "key"}
    told = subprocess.run([str(WUZHA), "manage", "check"], env=environment, capture_output=True, text=True, check=False)

    assert told.returncode == 1
    assert "wuzha.setting.metrics-without-key" in told.stderr


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


def test_of_many_that_begin_at_the_same_time_all_have_the_same_key(tmp_path: Path) -> None:
    def begin(folder: Path) -> str:
        _keep_secret_key(folder / "secret.key")
        return (folder / "secret.key").read_text()

    folders = [tmp_path / str(number) for number in range(50)]
    with ThreadPoolExecutor(8) as pool:
        for folder in folders:
            folder.mkdir()
            assert len(set(pool.map(begin, [folder] * 8))) == 1
            assert [one.name for one in folder.iterdir()] == ["secret.key"]
