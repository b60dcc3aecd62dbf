"""``wuzha audit`` and ``wuzha tick``: whether the audit log is as it was written, and what time brings about."""

import re
from dataclasses import replace
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from wuzha.adapters.wording.problem import describe_problem
from wuzha.adapters.wording.words import Language
from wuzha.cli.files import BEIJING, InputError, language_option, say
from wuzha.cli.site import data_option, open_running_data

DIGEST = re.compile(r"[0-9a-f]{64}")


@click.group(short_help="查审计日志有没有被改过。 Check the audit log.")
def audit() -> None:
    """审计日志：谁在什么时候做了什么。每过一会儿封一次，封条一环扣一环，改动一条就对不上。

    The audit log. It is sealed from time to time; whoever changes an entry breaks the chain.
    """


@audit.command()
@click.option("--expect", default="", metavar="DIGEST", help="以前抄在别处的封条摘要：它应当还在这条链上。")
@click.option(
    "--expect-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="seal --to 写的文件：里面的每个摘要都应当还在链上。 A file that seal --to wrote.",
)
@data_option
@language_option
def verify(expect: str, expect_file: Path | None, data: str, lang: Language) -> None:
    """从头核对每一个封条，再看以前有过的有没有少。对不上或者少了，退出码为 1，并说出在哪里。

    和以前每次核对的结果、数据文件夹里的封条抄本 audit-seals.txt 比较，所以末尾被整段删掉也看得出来。
    把显示的最后一个封条摘要再抄一份在别的机器上；下次用 --expect 带上它，连抄本一起被改也看得出来。

    Computes every seal anew and looks for what was there once; exit code 1 where one does not hold or is missing.
    """
    open_running_data(data, lang)
    log = import_module("wuzha.web.accounts.audit")
    found = log.verify_seals(expect.strip().lower())
    missing = _list_missing(expect_file)
    found = replace(found, knows_expected=found.knows_expected and not missing)
    _note_check(found, lang)
    for line in _list_lines(found, lang):
        click.echo(line)
    for problem in found.unsure:
        click.echo(describe_problem(problem, lang), err=True)
    if not found.is_well:
        raise click.exceptions.Exit(1)


def _list_missing(file: Path | None) -> list[str]:
    """The digests of the file that no seal has."""
    told = file.read_text("utf-8").split() if file else []
    digests = {word.lower() for word in told if DIGEST.fullmatch(word.lower())}
    seals = import_module("wuzha.web.accounts.models").AuditSeal.objects
    known = set(seals.filter(digest__in=digests).values_list("digest", flat=True))
    return sorted(digests - known)


def _note_check(found: Any, language: Language) -> None:
    """Pages tell what the last check found. A folder that cannot be written can still be checked."""
    errors = import_module("django.db")
    try:
        import_module("wuzha.web.audit.actions").note_check(verdict=found, now=datetime.now(BEIJING))
    except errors.DatabaseError:
        words = "这次核对的结果没能记下来。", "The result of this check could not be noted."
        click.echo(say(language, *words), err=True)


@audit.command()
@click.option(
    "--to", type=click.Path(dir_okay=False, path_type=Path), help="把摘要添到这个文件末尾。 A file to add to."
)
@data_option
@language_option
def seal(to: Path | None, data: str, lang: Language) -> None:
    """封好已经写定的日志，显示最后一个封条摘要。请把它抄在服务器以外：另一台机器上的文件，或者打印进每月的纸质材料。

    Seals what has settled and shows the last digest, to be kept away from the server.
    """
    open_running_data(data, lang)
    now = datetime.now(BEIJING)
    count = import_module("wuzha.web.accounts.audit").seal_entries(now=now)
    last = import_module("wuzha.web.accounts.models").AuditSeal.objects.order_by("-last_id").first()
    click.echo(say(lang, f"新封了 {count} 条。", f"{count} entries sealed."))
    if last is None:
        return
    line = import_module("wuzha.web.accounts.audit_end").write_line(last.last_id, last.digest, now)
    click.echo(line)
    if to is not None:
        try:
            with to.open("a", encoding="utf-8") as file:
                file.write(line + "\n")
        except OSError as error:
            raise InputError(say(lang, f"{to} 写不了：{error.strerror}。", f"{to} cannot be written.")) from None


@audit.command()
@click.option("--yes", is_flag=True, help="真的删除；不写只看会删多少。 Delete; without it only look.")
@data_option
@language_option
def cut(yes: bool, data: str, lang: Language) -> None:
    """删除保存期已满的日志（网络日志至少六个月，涉及个人信息的至少三年，其他按设置），留下删除凭证，封条链照样对得上。

    Deletes what was kept as long as it has to be, and leaves a certificate that the chain of seals agrees with.
    """
    open_running_data(data, lang)
    room, now = import_module("wuzha.web.audit.cut"), datetime.now(BEIJING)
    due = room.find_due(now=now)
    if due.held:
        words = "有保留要求还没有解除，什么也不删。", "An order to keep something is in force; nothing is deleted."
        raise InputError(say(lang, *words))
    if due.broken:
        words = (
            "到期的日志和封条对不上，请先用 wuzha audit verify 查清楚。",
            "A seal does not hold; nothing goes.",
        )
        raise InputError(say(lang, *words))
    if not due.seals:
        click.echo(say(lang, "没有保存期已满的日志。", "Nothing is due."))
    elif not yes:
        click.echo(say(lang, f"会删除 {due.count} 条；加 --yes 才真的删。", f"{due.count} would go; say --yes."))
    else:
        row = room.cut_entries(now=now)
        words = f"删除了 {row.count} 条，凭证摘要 {row.digest}", f"{row.count} deleted, seal {row.digest}"
        click.echo(say(lang, *words))


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
    if found.cut:
        words = (
            f"另有 {found.cut} 条保存期满已经删除，最晚的写于 {found.cut_until:%Y-%m-%d}；删除凭证和封条对得上。",
            f"{found.cut} more had been kept long enough and were deleted, the last of {found.cut_until:%Y-%m-%d}.",
        )
        lines.append(say(language, *words))
    if not found.knows_expected:
        words = "给出的封条不在这条链上：封条被重写过，或者抄错了。", "The seal given is not in this chain."
        lines.append(say(language, *words))
    lines.extend(describe_problem(problem, language) for problem in found.lost)
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
