"""``wuzha serve``, ``worker`` and ``migrate``: the site as it runs day and night.

What is decided about the running site stands in ``wuzha.web.configuration``, ``migrating`` and ``running``; they are
called by name, as Django itself does.
"""

import sys
from datetime import datetime
from importlib import import_module
from signal import SIGINT, SIGTERM, signal
from threading import Event
from typing import Any

import click

from wuzha.adapters.sample.people import LOG_INS, PASSWORD
from wuzha.adapters.wording.words import Language
from wuzha.cli.files import BEIJING, InputError, language_option, say
from wuzha.cli.site import data_option, open_data_folder, open_running_data, run_django

# What answers and what is begun beside it; read in before the port is open, so that nobody waits at an open door.
READ_IN = ("wuzha.web.urls", "wuzha.web.running")


@click.command(short_help="启动网站。 Serve the site.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, envvar="PORT")
@click.option("--host", default="0.0.0.0", show_default=True, help="只给本机用时写 127.0.0.1。")
@data_option
@language_option
def serve(port: int, host: str, data: str, lang: Language) -> None:
    """启动网站，按 Ctrl+C 停止。先用 wuzha demo 或 wuzha migrate 建好数据库。

    \b
    例：
      wuzha serve --port 8000
      wuzha serve --host 127.0.0.1 --data /srv/wuzha

    停止时先不再接新的请求，把手上的办完再退出。没有另外运行 wuzha worker 时，费时的事由它自己在旁边办。

    Serves the site until Ctrl+C or SIGTERM; requests under way are finished first.
    """
    open_data_folder(data, lang)
    refuse_bad_settings(lang)
    _bring_up_to_date(lang)
    run_django("collectstatic", "--noinput", "--verbosity", "0")
    # From here on a stop is a stop in order: whoever finds the port open may ask for it.
    stopping = _stop_on_signal()
    for module in READ_IN:
        import_module(module)
    sockets = _listen(host, port, lang)
    _say_address(host, port, lang)
    import_module("wuzha.web.running").run_site(sockets, stopping, _read_clock)


def _bring_up_to_date(language: Language) -> None:
    """The embedded database belongs to this program alone and is changed here; a server is changed by its own command,
    once for all machines. An older program may serve newer tables: that is how machines are updated one by one."""
    migrating = import_module("wuzha.web.migrating")
    state = migrating.find_state()
    if state.missing and not state.is_embedded:
        words = (
            f"数据库还不是这个版本的（还没有 {state.missing}）。请先运行一次 wuzha migrate，再启动。",
            f"The database is not of this version (without {state.missing}). Run wuzha migrate once, then start.",
        )
        raise InputError(say(language, *words))
    if state.missing:
        _migrate(migrating, language)
    if state.unknown:
        words = (
            f"提醒：数据库比程序新（有 {state.unknown}）。只有紧挨着的上一个版本能这样运行，请尽快更新程序。",
            f"Note: the database is newer than the program ({state.unknown}). Only the release before may run so.",
        )
        click.echo(say(language, *words), err=True)


def refuse_bad_settings(language: Language) -> None:
    """Says what is unsafe, and starts nothing where it is dangerous."""
    warnings = [one for one in import_module("wuzha.web.configuration").list_warnings() if one.is_said_at_start]
    for warning in warnings:
        click.echo(warning.say(language), err=True)
    if any(warning.is_fatal for warning in warnings):
        words = (
            "设置有错，没有启动。wuzha settings 列出全部设置。",
            "The settings are wrong; not started. See wuzha settings.",
        )
        raise InputError(say(language, *words))


def _listen(host: str, port: int, language: Language) -> Any:
    try:
        return import_module("wuzha.web.processes").listen(host, port)
    except OSError as error:
        raise InputError(
            say(language, f"端口 {port} 用不了：{error.strerror}。", f"Port {port} cannot be used: {error.strerror}.")
        ) from None


def _stop_on_signal() -> Event:
    """Set by Ctrl+C and by the signal with which a service manager stops; a second Ctrl+C ends at once."""
    stopping = Event()

    def ask_to_stop(number: int, _frame: Any) -> None:
        if stopping.is_set() and number == SIGINT:
            sys.exit(130)
        stopping.set()

    for number in (SIGTERM, SIGINT):
        signal(number, ask_to_stop)
    return stopping


def _read_clock() -> datetime:
    return datetime.now(BEIJING)


def _say_address(host: str, port: int, language: Language) -> None:
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host
    click.echo(say(language, f"网站地址：http://{shown}:{port}/", f"The site is at http://{shown}:{port}/"))
    if _holds_sample():
        click.echo(say(language, f"样例账号（密码都是 {PASSWORD}）：", f"Sample log-ins (password {PASSWORD}):"))
        for person in LOG_INS:
            click.echo(f"  {person.username:<12}{person.name}")
    click.echo(say(language, "按 Ctrl+C 停止。", "Ctrl+C stops it."))


def _holds_sample() -> bool:
    """Whether the printed password opens this site; never shown on one that holds real work."""
    users = import_module("wuzha.web.accounts.models").User.objects
    user = users.filter(username=LOG_INS[0].username).first()
    return user is not None and bool(user.check_password(PASSWORD))


@click.command(short_help="办费时的事。 Do what takes its time.")
@click.option("--once", is_flag=True, help="办完现在排着的就退出。")
@data_option
@language_option
def worker(once: bool, data: str, lang: Language) -> None:
    """办费时的事：导出大表、发布工作进展情况表。运行着它，网站就不再自己在旁边办，网页更快。

    \b
    例：
      wuzha worker --data /srv/wuzha

    可以同时运行几个，也可以在几台机器上运行；断电或者被强行结束，办到一半的事由下一个接着办。
    停止时先把手上的一件办完。

    Does the jobs that people ask for. Several may run at once, on several machines.
    """
    open_running_data(data, lang)
    works = import_module("wuzha.web.works")
    doing = import_module("wuzha.web.jobs.worker")
    crew = works.gather_crew(_read_clock, is_inside=False)
    try:
        if once:
            while doing.work_once(crew):
                pass
        else:
            click.echo(say(lang, "开始办事，按 Ctrl+C 停止。", "Working; Ctrl+C stops it."))
            doing.work_until(_stop_on_signal(), crew)
    finally:
        doing.stop_working(crew)


@click.command(short_help="把数据库变成这个版本的。 Bring the tables up to date.")
@data_option
@language_option
def migrate(data: str, lang: Language) -> None:
    """把数据库变成这个版本的样子；没有数据库就建一个。已经是了，就什么也不做。

    \b
    例：
      wuzha migrate --data /srv/wuzha

    网站可以照常运行：上一个版本在新的数据库上也能用。几台机器同时运行这条命令，只有一台在做，其他的等着。

    Brings the database to this version while the release before goes on serving. Several machines wait for each other.
    """
    open_data_folder(data, lang)
    migrating = import_module("wuzha.web.migrating")
    state = migrating.find_state()
    if state.unknown:
        words = (
            f"数据库比程序新（有 {state.unknown}），什么也没有改。请先更新程序。",
            f"The database is newer than this program ({state.unknown}). Nothing was changed; update the program.",
        )
        raise InputError(say(lang, *words))
    done = _migrate(migrating, lang)
    words = (
        (f"做完了 {done} 项改动。", f"{done} changes made.") if done else ("已经是这个版本的。", "Up to date already.")
    )
    click.echo(say(lang, *words))


def _migrate(migrating: Any, language: Language) -> int:
    """How many changes were made. Says so where another machine is at it."""
    told = say(
        language, "另一台机器正在改数据库，等它做完。", "Another machine is changing the database; waiting for it."
    )
    try:
        return int(migrating.migrate(lambda: click.echo(told, err=True)))
    except migrating.BusyError:
        words = (
            "数据库一直被占用，改不了。做完的部分留着，请过一会儿再运行一次。",
            "The database is in use all the time. What is done stays; run it again in a while.",
        )
        raise InputError(say(language, *words)) from None
