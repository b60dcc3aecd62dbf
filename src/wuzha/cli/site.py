"""``wuzha demo`` and ``manage``, and how every command of the site opens its data folder.

Django is loaded only here, once its data folder is known.

The web shell stands beside the command line, not below it, so it is called by name as Django itself does.
"""

import os
import secrets
from contextlib import nullcontext
from datetime import date, datetime
from importlib import import_module
from pathlib import Path
from shlex import quote

import click
from rich.console import Console
from rich.progress import Progress

from wuzha.adapters.sample.files import write_sample_files
from wuzha.adapters.wording.words import Language
from wuzha.cli.files import BEIJING, InputError, language_option, say

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
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        _keep_secret_key(folder / "secret.key")
    except OSError as error:
        raise InputError(
            say(
                language,
                f"数据文件夹 {folder} 用不了：{error.strerror}。",
                f"{folder} cannot be used: {error.strerror}.",
            )
        ) from None
    _warn_root(folder, language)
    os.environ["WUZHA_DATA"] = str(folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wuzha.settings")
    _set_up(language)
    return folder


def _warn_root(folder: Path, language: Language) -> None:
    """What root writes there the service's user cannot write on, and the site then keeps nothing."""
    if os.name != "posix" or os.geteuid() != 0 or folder.stat().st_uid == 0:
        return
    words = (
        f"提醒：现在是 root，数据却归别的用户。办完请运行 chown -R --reference={folder} {folder}，不然网站存不进东西。",
        f"Note: you are root, and {folder} is another user's. Afterwards run chown -R --reference={folder} {folder}.",
    )
    click.echo(say(language, *words), err=True)


def _set_up(language: Language) -> None:
    """Starts Django. A setting that cannot be read is said in a sentence, not shown as a failure of the program."""
    wrong = import_module("wuzha.adapters.environment").WrongSettingError
    try:
        import_module("django").setup()
    except wrong as error:
        raise InputError(error.say(language)) from None
    except (ValueError, import_module("django.core.exceptions").ImproperlyConfigured) as error:
        words = f"设置读不了：{error} 请改好后再运行。", f"A setting cannot be read: {error}"
        raise InputError(say(language, *words)) from None


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
                f"{folder} 的数据库还不是这个版本的（还没有 {missing}）。请先运行一次 wuzha migrate。",
                f"The database of {folder} is not of this version (without {missing}). Run wuzha migrate once.",
            )
        )
    return folder


def _keep_secret_key(path: Path) -> None:
    """One key for the life of the data, readable by its owner only; made whole or not at all. Of two that begin at the
    same time the first one's key stays."""
    if path.exists():
        return
    fresh = path.with_suffix(f".{secrets.token_hex(4)}.new")
    fresh.touch(mode=0o600)
    fresh.write_text(secrets.token_urlsafe(64))
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    except OSError:  # a file system without links
        fresh.replace(path)
    fresh.unlink(missing_ok=True)


def run_django(*arguments: str) -> None:
    import_module("django.core.management").execute_from_command_line(["wuzha manage", *arguments])
