"""The command line. Each command is a module that is loaded only when it is called, so that ``wuzha read`` is quick."""

import sys
from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

import click

COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "read": "wuzha.cli.read:read",
        "check": "wuzha.cli.check:check",
        "diff": "wuzha.cli.diff:diff",
        "assess": "wuzha.cli.assess:assess",
        "supervise": "wuzha.cli.supervise:supervise",
        "why": "wuzha.cli.why:why",
        "table": "wuzha.cli.table:table",
        "mirror": "wuzha.cli.mirror:mirror",
        "demo": "wuzha.cli.site:demo",
        "serve": "wuzha.cli.serving:serve",
        "worker": "wuzha.cli.serving:worker",
        "migrate": "wuzha.cli.serving:migrate",
        "administrator": "wuzha.cli.administrator:administrator",
        "settings": "wuzha.cli.settings:settings",
        "backup-key": "wuzha.cli.archive:backup_key",
        "backup": "wuzha.cli.archive:backup",
        "verify-backup": "wuzha.cli.archive:verify_backup",
        "restore": "wuzha.cli.archive:restore",
        "move": "wuzha.cli.archive:move",
        "take-moved": "wuzha.cli.archive:take_moved",
        "retention": "wuzha.cli.personal:retention",
        "person": "wuzha.cli.personal:person",
        "keys": "wuzha.cli.keys:keys",
        "tick": "wuzha.cli.audit:tick",
        "audit": "wuzha.cli.audit:audit",
        "health": "wuzha.cli.health:health",
        "manage": "wuzha.cli.site:manage",
    }
)


class LazyGroup(click.Group):
    """A group whose commands are named in ``COMMANDS`` and loaded one at a time."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(import_module(module), name)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="wuzha", message="wuzha %(version)s")
def cli() -> None:
    """无诈：把反诈宣传工作方案变成办得完、看得见、算得清的任务。

    \b
    一条命令看懂一份方案：      wuzha read 方案.docx
    改好之后检查方案文件：      wuzha check 方案.yaml
    和去年或上级的方案比一比：  wuzha diff 去年.yaml 今年.yaml
    算到今天谁办了、谁还欠：    wuzha assess 方案.yaml --units 花名册.xlsx --records 台账.csv --as-of 2027-06-30
    一个数是怎么来的：          wuzha why 方案.yaml --units … --records … --as-of … --unit SQ0101 --duty rally
    写好一个月的工作进展情况表：wuzha table --plan 方案.yaml --units … --records … --month 2026-11 --out 进展.xlsx
    起一个带样例县的网站：      wuzha demo && wuzha serve --port 8000

    每条命令后面加 --help 看详细说明。

    Turns an anti-fraud work plan into duties that can be counted. Every command has its own --help.
    """


def main() -> None:
    """Runs the command line. Output is UTF-8 wherever it goes, so that a pipe reads what a terminal shows."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8" if not stream.isatty() else None, errors="replace")
    cli(prog_name="wuzha")
