"""``wuzha retention`` and ``wuzha person``: what is past its time goes, and what a person may ask for."""

from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from wuzha.adapters.wording.words import Language
from wuzha.cli.files import BEIJING, InputError, language_option, say
from wuzha.cli.site import data_option, open_running_data

reason_option = click.option("--reason", required=True, help="事由，写进审计日志。 Why; it goes into the audit log.")


@click.command(short_help="删去到期的资料。 Let go what is past its time.")
@click.option("--dry-run", is_flag=True, help="只数不删。 Count only.")
@data_option
@language_option
def retention(dry_run: bool, data: str, lang: Language) -> None:
    """按保存期限删去到期的资料，留下报告；wuzha tick 每天会做一次。台账记录不删，统计数不变；保全中的不动。

    Lets go what is past its time and keeps a report. Records stay, and what a hold is on stays.
    """
    open_running_data(data, lang)
    found = import_module("wuzha.web.personal.retention")
    for line in found.run_retention(now=datetime.now(BEIJING), dry=dry_run):
        title = found.BY_KIND[line.kind].title
        told = f"{title}：到期 {line.count}，保全 {line.held}，{line.days} 天，最早 {line.oldest or '—'}"
        click.echo(say(lang, told, f"{line.kind}: {line.count} gone, {line.held} held, oldest {line.oldest or '—'}"))


@click.group(short_help="一个人的全部资料。 Everything on one person.")
def person() -> None:
    """一个人的全部资料：导出给本人，或在离任后去掉姓名。 Everything on one person, as a file or without the name."""


@person.command("export")
@click.argument("username")
@click.argument("path", type=click.Path(path_type=Path), metavar="FILE.zip")
@reason_option
@data_option
@language_option
def export(username: str, path: Path, reason: str, data: str, lang: Language) -> None:
    """把和一个人有关的全部资料写成 zip（JSON）。文件里有个人信息，请只交给本人。"""
    open_running_data(data, lang)
    found = import_module("wuzha.web.personal.erasure")
    who = _find(username, lang)
    content = found.export_person(actor=None, person=who, reason=reason, now=datetime.now(BEIJING))
    try:
        path.touch(mode=0o600, exist_ok=False)
        path.write_bytes(content)
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from None
    click.echo(str(path))


@person.command()
@click.argument("username")
@reason_option
@data_option
@language_option
def erase(username: str, reason: str, data: str, lang: Language) -> None:
    """去掉一个离任的人的姓名、用户名和号码，换成编号；显示删除凭证。办过的记录还在，仍然计数。做了不能恢复。"""
    open_running_data(data, lang)
    found = import_module("wuzha.web.personal.erasure")
    who = _find(username, lang)
    try:
        departure = found.erase_person(actor=None, person=who, reason=reason, now=datetime.now(BEIJING))
    except found.StillInPostError:
        words = "这个人还有任职。请先结束任职。", "This person still holds a post. End the post first."
        raise InputError(say(lang, *words)) from None
    except found.HeldError as error:
        words = (
            f"{error.on}正在保全（{error.why}），这个人的资料解除保全以前不能删除。",
            f"A hold is on {error.on} ({error.why}). Nothing of this person is deleted until it is lifted.",
        )
        raise InputError(say(lang, *words)) from None
    click.echo(departure.certificate, nl=False)


def _find(username: str, language: Language) -> Any:
    found = import_module("wuzha.web.accounts.models").User.objects.filter(username=username).first()
    if found is None:
        raise InputError(say(language, f"没有用户名 {username}。", f"There is no user name {username}."))
    return found
