"""The units for systemd and the example for nginx: checked by the programs that read them, and against our own ones."""

import configparser
import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import click
import pytest

from wuzha.cli import cli

ROOT = Path(__file__).resolve().parents[2]
UNITS = ROOT / "deploy/systemd"
SERVICES = sorted(UNITS.glob("*.service"))
TIMERS = sorted(UNITS.glob("*.timer"))
IN_CI = os.environ.get("CI") == "true"
# What keeps a service in its own corner of the machine, and the value that does.
HARDENED = {
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "CapabilityBoundingSet": "",
    "StateDirectory": "wuzha",
    "UMask": "0077",
    "User": "wuzha",
}
PROGRAM = "/opt/wuzha/.venv/bin/wuzha"


def read(unit: Path) -> configparser.ConfigParser:
    parsed = configparser.ConfigParser(strict=False, interpolation=None)
    parsed.optionxform = str  # type: ignore[assignment, method-assign]  # systemd minds capitals
    parsed.read_string(unit.read_text(encoding="utf-8"))
    return parsed


def need(program: str) -> str:
    found = shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin")
    if found is None:
        assert not IN_CI, f"{program} is missing, and a machine that checks must not skip"
        pytest.skip(f"{program} is not on this machine")
    return found


@pytest.mark.parametrize("unit", [*SERVICES, *TIMERS], ids=lambda unit: unit.name)
def test_systemd_finds_nothing_wrong_with_a_unit(unit: Path, tmp_path: Path) -> None:
    """The program itself lies elsewhere on this machine: only that path is another one here."""
    analyze = need("systemd-analyze")
    stand_in = shutil.which("true")
    for one in UNITS.iterdir():
        text = (
            one.read_text(encoding="utf-8").replace(PROGRAM, stand_in or "").replace("file:/opt/wuzha/", "file:/usr/")
        )
        (tmp_path / one.name).write_text(re.sub(r"WorkingDirectory=.*", "WorkingDirectory=/", text), encoding="utf-8")
    name = unit.name.replace("@.", "@8001.")
    told = subprocess.run(
        [analyze, "verify", "--man=no", "--recursive-errors=no", str(tmp_path / name)],
        capture_output=True, text=True, check=False, env={**os.environ, "SYSTEMD_UNIT_PATH": f"{tmp_path}:"},
    )  # fmt: skip
    ours = [line for line in told.stderr.splitlines() if str(tmp_path) in line or "wuzha" in line]
    assert ours == []
    assert told.returncode == 0, told.stderr


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_every_service_stays_in_its_own_corner(unit: Path) -> None:
    service = read(unit)["Service"]
    assert {name: service.get(name) for name in HARDENED} == HARDENED


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_what_a_service_starts_is_a_command_with_those_options(unit: Path) -> None:
    started = read(unit)["Service"]["ExecStart"].replace("%i", "8001").replace("%%", "%")
    words = shlex.split(started)
    if words[:2] == ["/bin/sh", "-c"]:
        words = shlex.split(words[2].removeprefix("exec "))
    assert words[0] == PROGRAM
    command = cli.get_command(click.Context(cli), words[1])
    assert command is not None, words[1]
    given = ["--recipient", "age1"] if words[1] == "backup" else []
    assert command.make_context(words[1], [*words[2:], *given]) is not None


@pytest.mark.parametrize("unit", TIMERS, ids=lambda unit: unit.name)
def test_every_timer_has_its_service_and_is_not_one_of_its_own(unit: Path) -> None:
    assert unit.with_suffix(".service").exists()
    assert read(unit)["Install"]["WantedBy"] == "timers.target"


def test_nginx_reads_the_example(tmp_path: Path) -> None:
    nginx = need("nginx")
    text = (ROOT / "deploy/nginx/wuzha.conf").read_text(encoding="utf-8")
    key, certificate = tmp_path / "key", tmp_path / "certificate"
    asked = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=fz.example.gov.cn"]
    subprocess.run([*asked, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    text = text.replace("/etc/wuzha/tls/site.crt", str(certificate)).replace("/etc/wuzha/tls/site.key", str(key))
    text = re.sub(r"listen (\[::\]:)?(80|443)", lambda found: f"listen {found[1] or ''}{int(found[2]) + 18000}", text)
    whole = tmp_path / "nginx.conf"
    whole.write_text(f"pid {tmp_path}/pid;\nerror_log {tmp_path}/log;\nevents {{}}\nhttp {{\n{text}\n}}\n", "utf-8")
    told = subprocess.run(
        [nginx, "-t", "-p", str(tmp_path), "-c", str(whole)], capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr
