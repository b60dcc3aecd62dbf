"""``wuzha demo``, ``serve`` and ``manage``: the site. Django is loaded only here, once its data folder is known.

The web shell stands beside the command line, not below it, so it is called by name as Django itself does.
"""

import os
import secrets
import sys
from contextlib import nullcontext
from datetime import date, datetime
from importlib import import_module
from pathlib import Path
from shlex import quote
from signal import SIGTERM, signal

import click
from rich.console import Console
from rich.progress import Progress

from wuzha.adapters.sample.files import write_sample_files
from wuzha.adapters.sample.people import LOG_INS, PASSWORD
from wuzha.adapters.wording.words import Language
from wuzha.cli.files import BEIJING, InputError, language_option, say

THREADS = 8

data_option = click.option(
    "--data",
    default="data",
    show_default=True,
    envvar="WUZHA_DATA",
    metavar="DIR",
    help="放数据库和密钥的文件夹。 Folder of the database and the key.",
)


@click.command(short_help="装好样例县石桥县。 Load the sample county.")
@data_option
@click.option(
    "--files", metavar="DIR", help="不建数据库，只把样例文件写到这个新文件夹。 Write sample files, no database."
)
@language_option
def demo(data: str, files: str | None, lang: Language) -> None:
    """建好数据库，装入样例县“石桥县”：单位、岗位、方案和到今天为止的台账。已有数据的不动。

    \b
    例：
      wuzha demo
      wuzha demo --data /srv/wuzha
      wuzha demo --files 样例        只写文件，用来试 read、check 和 assess

    Prepares the database and loads the invented county of Shiqiao. What is already there is left alone.
    With --files it writes the county's plan, roster, records and roads as files instead, to try the other commands and
    the import of roads with.
    """
    now = datetime.now(BEIJING)
    if files is None:
        _load_county(data, now, lang)
    else:
        _write_files(Path(files), now.date(), lang)


def _load_county(data: str, now: datetime, lang: Language) -> None:
    open_data_folder(data, lang)
    run_django("migrate", "--verbosity", "0")
    load = import_module("wuzha.web.campaign.demo").load_sample_county
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(say(lang, "装入样例县", "loading the sample county"), total=None)
        load(today=now.date(), now=now, progress=lambda done, total: progress.update(task, completed=done, total=total))
    click.echo(say(lang, f"样例县已在 {data}。", f"The sample county is in {data}."))


def _write_files(folder: Path, today: date, language: Language) -> None:
    """Writes the sample files into a new or empty folder, so that no file of one's own is replaced."""
    console = Console(stderr=True)
    working = console.status(say(language, "写样例文件", "writing sample files"))
    try:
        if folder.exists() and any(folder.iterdir()):
            raise InputError(
                say(language, f"{folder} 里已有文件。请换一个新文件夹。", f"{folder} is not empty. Name a new folder.")
            )
        with working if console.is_terminal else nullcontext():
            paths = write_sample_files(folder, today)
    except OSError as error:
        raise InputError(
            say(language, f"{folder} 写不了：{error.strerror}。", f"{folder} cannot be written: {error.strerror}.")
        ) from None
    click.echo(say(language, "样例文件：", "Sample files:"))
    for path in paths:
        click.echo(f"  {path}")
    _say_next(folder, today, language)


def _say_next(folder: Path, today: date, language: Language) -> None:
    """The commands to try, ready to be pasted."""
    names = ("plan.docx", "plan.yaml", "roster.xlsx", "roster-recount.xlsx", "records.csv")
    paper, plan, roster, recount, records = (quote(str(folder / name)) for name in names)
    click.echo(say(language, "接着可以试：", "Now try:"))
    click.echo(f"  wuzha read {paper}")
    click.echo(f"  wuzha check {plan}")
    click.echo(f"  wuzha assess {plan} --units {roster} --units {recount} --records {records} --as-of {today}")
    roads = folder / "roads.geojson"
    click.echo(
        say(
            language,
            f"道路文件 {roads} 可在网站的“阵地 › 导入道路”里试。",
            f"The roads in {roads} can be tried on the site: Sites, Import roads.",
        )
    )


@click.command(short_help="启动网站。 Serve the site.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, envvar="PORT")
@click.option("--host", default="0.0.0.0", show_default=True, help="只给本机用时写 127.0.0.1。")
@data_option
@language_option
def serve(port: int, host: str, data: str, lang: Language) -> None:
    """启动网站，按 Ctrl+C 停止。先用 wuzha demo 建好数据库。

    \b
    例：
      wuzha serve --port 8000
      wuzha serve --host 127.0.0.1 --data /srv/wuzha

    Serves the site until Ctrl+C.
    """
    open_data_folder(data, lang)
    run_django("migrate", "--verbosity", "0")
    run_django("collectstatic", "--noinput", "--verbosity", "0")
    waitress = import_module("waitress")
    application = import_module("wuzha.web.wsgi").application
    try:
        server = waitress.create_server(application, host=host, port=port, threads=THREADS)
    except OSError as error:
        raise InputError(
            say(lang, f"端口 {port} 用不了：{error.strerror}。", f"Port {port} cannot be used: {error.strerror}.")
        ) from None
    _say_address(host, port, lang)
    start = import_module("wuzha.web.campaign.start")
    start.close_connections()
    begun_with = start.mark_file()
    start.prepare_in_background(import_module("django.utils.timezone").localdate())
    ticking = import_module("wuzha.web.tick").tick_in_background(lambda: datetime.now(BEIJING))
    # A service manager stops with this signal; it ends the server as Ctrl+C does, and not in the middle of a record.
    signal(SIGTERM, lambda _number, _frame: sys.exit(0))
    try:
        server.run()
    finally:
        ticking.set()
        start.put_away(begun_with)


def _say_address(host: str, port: int, language: Language) -> None:
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host
    click.echo(say(language, f"网站地址：http://{shown}:{port}/", f"The site is at http://{shown}:{port}/"))
    if _holds_sample():
        _say_log_ins(language)
    click.echo(say(language, "按 Ctrl+C 停止。", "Ctrl+C stops it."))


def _holds_sample() -> bool:
    """Whether the printed password opens this site; never shown on one that holds real work."""
    users = import_module("wuzha.web.accounts.models").User.objects
    user = users.filter(username=LOG_INS[0].username).first()
    return user is not None and bool(user.check_password(PASSWORD))


def _say_log_ins(language: Language) -> None:
    click.echo(say(language, f"样例账号（密码都是 {PASSWORD}）：", f"Sample log-ins (password {PASSWORD}):"))
    for person in LOG_INS:
        click.echo(f"  {person.username:<12}{person.name}")


@click.command(
    short_help="Django 的管理命令。 Django's own commands.",
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []},
)
@data_option
@language_option
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(data: str, lang: Language, arguments: tuple[str, ...]) -> None:
    """Django 的管理命令，用在指定的数据文件夹上，例如 wuzha manage createsuperuser。"""
    open_data_folder(data, lang)
    run_django(*(arguments or ("help",)))


def open_data_folder(data: str, language: Language) -> Path:
    """Makes the folder and its key where they are missing, and starts Django on it. Only the owner may look inside."""
    folder = Path(data).absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _keep_secret_key(folder / "secret.key")
    except OSError as error:
        raise InputError(
            say(
                language,
                f"数据文件夹 {folder} 用不了：{error.strerror}。",
                f"{folder} cannot be used: {error.strerror}.",
            )
        ) from None
    os.environ["WUZHA_DATA"] = str(folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wuzha.settings")
    import_module("django").setup()
    return folder


def open_running_data(data: str, language: Language) -> Path:
    """The folder of a site that may be running: its tables must be those of this program, and are not changed."""
    if not Path(data).is_dir():
        raise InputError(say(language, f"没有数据文件夹 {data}。", f"There is no data folder {data}."))
    folder = open_data_folder(data, language)
    missing = import_module("wuzha.web.accounts.database_file").find_unapplied()
    if missing:
        raise InputError(
            say(
                language,
                f"{folder} 的数据库还不是这个版本的（还没有 {missing}）。请先用这个版本启动一次网站：wuzha serve。",
                f"The database of {folder} is not of this version (without {missing}). Serve the site with it once.",
            )
        )
    return folder


def _keep_secret_key(path: Path) -> None:
    """One key for the life of the data, readable by its owner only; made whole or not at all."""
    if path.exists():
        return
    fresh = path.with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.write_text(secrets.token_urlsafe(64))
    fresh.replace(path)


def run_django(*arguments: str) -> None:
    import_module("django.core.management").execute_from_command_line(["wuzha manage", *arguments])
