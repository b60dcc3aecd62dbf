"""``wuzha audit`` and ``wuzha tick``: whether the audit log is as it was written, and what time brings about."""

from datetime import datetime
from importlib import import_module
from typing import Any

import click

from wuzha.adapters.wording.words import Language
from wuzha.cli.files import BEIJING, language_option, say
from wuzha.cli.site import data_option, open_running_data


@click.group(short_help="查审计日志有没有被改过。 Check the audit log.")
def audit() -> None:
    """审计日志：谁在什么时候做了什么。每过一会儿封一次，封条一环扣一环，改动一条就对不上。

    The audit log. It is sealed from time to time; whoever changes an entry breaks the chain.
    """


@audit.command()
@click.option("--expect", default="", metavar="DIGEST", help="以前抄在别处的封条摘要：它应当还在这条链上。")
@data_option
@language_option
def verify(expect: str, data: str, lang: Language) -> None:
    """从头核对每一个封条。有一个对不上，退出码为 1，并说出在哪些编号之间。

    把显示的最后一个封条摘要抄在别处；下次用 --expect 带上它，连封条一起被重写也看得出来。

    Computes every seal anew; exit code 1 where one does not hold.
    """
    open_running_data(data, lang)
    found = import_module("wuzha.web.accounts.audit").verify_seals(expect.strip().lower())
    for line in _list_lines(found, lang):
        click.echo(line)
    if found.broken or not found.knows_expected:
        raise click.exceptions.Exit(1)


def _list_lines(found: Any, language: Language) -> list[str]:
    lines = [
        say(
            language,
            f"{found.entries} 条日志封好且没有改动；{found.open} 条还没有封。",
            f"{found.entries} entries sealed and unchanged; {found.open} not sealed yet.",
        )
    ]
    if found.digest:
        lines.append(say(language, f"最后一个封条：{found.digest}", f"Last seal: {found.digest}"))
    if found.broken:
        first, last = found.broken
        words = (
            f"封条对不上：编号 {first} 到 {last} 之间有日志被改、被加或者被删。请不要动数据库，先做一份备份。",
            f"A seal is broken: between {first} and {last} an entry was changed, added or taken out.",
        )
        lines.append(say(language, *words))
    if not found.knows_expected:
        words = "给出的封条不在这条链上：封条被重写过，或者抄错了。", "The seal given is not in this chain."
        lines.append(say(language, *words))
    return lines


@click.command(short_help="办好到时候该办的事。 Do what is due.")
@click.option("--now", type=click.DateTime(["%Y-%m-%dT%H:%M:%S"]), help="按这个时刻（北京时间）办，用来补办。")
@data_option
@language_option
def tick(now: datetime | None, data: str, lang: Language) -> None:
    """办好到时候该办的事：到日子的单位变动、没有记录用到的文件、审计日志封条。重复运行没有坏处，漏了一次下次补上。

    wuzha serve 自己会定时办；几个进程一起服务时，用 systemd 的定时器每五分钟运行一次也可以。

    Does what is due by now. Doing it twice does no harm, and a missed one is made up by the next.
    """
    open_running_data(data, lang)
    at = now.replace(tzinfo=BEIJING) if now else datetime.now(BEIJING)
    done = import_module("wuzha.web.tick").tick(at)
    names = {
        "tree": say(lang, "单位变动", "changes of units"),
        "files": say(lang, "清掉的文件", "files swept"),
        "seals": say(lang, "封好的日志", "entries sealed"),
        "retention": say(lang, "到期删去的资料", "let go past their time"),
        "jobs": say(lang, "不再保留的旧任务和文件", "old jobs and files let go"),
    }
    for part, name in names.items():
        click.echo(f"{name}：{done[part]}" if part in done else say(lang, f"{name}：没有办成", f"{name}: failed"))
    if len(done) < len(names):
        raise click.exceptions.Exit(1)
