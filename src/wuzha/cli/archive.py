"""``wuzha backup``, ``verify-backup``, ``restore``, ``move`` and ``backup-key``: the installation as one sealed file.

The site's part, rows in and rows out, is called by name, as the commands of the site are.
"""

import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any, TypeVar

import click
from rich.console import Console

from wuzha.adapters.archive.seal import (
    KeyTextError,
    SealError,
    make_identity,
    read_identity,
    read_recipient,
    seal,
    unseal,
)
from wuzha.adapters.archive.stream import ArchiveError, Told, open_reader
from wuzha.adapters.wording.problem import describe_problem
from wuzha.adapters.wording.words import Language
from wuzha.cli.files import BEIJING, InputError, language_option, say
from wuzha.cli.site import data_option, open_data_folder, open_running_data, run_django
from wuzha.core.base.problem import NOWHERE, Problem, make_problem

Answer = TypeVar("Answer")

identity_option = click.option(
    "--identity",
    required=True,
    type=click.Path(path_type=Path),
    envvar="WUZHA_BACKUP_IDENTITY",
    metavar="KEYFILE",
    help="开封用的私钥文件。 File of the private key.",
)


@click.command("backup-key", short_help="做一把备份钥匙。 Make a key for backups.")
@click.argument("path", type=click.Path(path_type=Path), metavar="KEYFILE")
@language_option
def backup_key(path: Path, lang: Language) -> None:
    """做一把备份钥匙：私钥写进 KEYFILE，公钥显示出来。私钥请另外保管，不要放在服务器上；丢了，备份就打不开了。

    Makes a key pair for backups. Keep the file away from the server; without it no backup can be opened.
    """
    identity, recipient = make_identity()
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise _refuse_file(path, error, lang) from None
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(f"# {recipient}\n{identity}\n")
    click.echo(recipient)


@click.command(short_help="备份成一个加密文件。 Back up into one sealed file.")
@click.argument("path", type=click.Path(path_type=Path), metavar="FILE")
@click.option(
    "--recipient",
    required=True,
    envvar="WUZHA_BACKUP_RECIPIENT",
    metavar="age1…",
    help="封口用的公钥，由 wuzha backup-key 做出。 Public key to seal for.",
)
@data_option
@language_option
def backup(path: Path, recipient: str, data: str, lang: Language) -> None:
    """把数据库的全部内容、照片和文件、密钥备份成一个加密文件。网站照常使用，备份的是开始那一刻的样子。

    \b
    例：
      wuzha backup-key 钥匙.txt                      做一次，私钥收好
      wuzha backup 2026-11-22.age --recipient age1…

    有记录提到、文件夹里却找不到的文件会列出来，退出码为 1；备份文件照样可用。

    Seals all rows as of one moment, all photos and papers and the key into one file while the site goes on. What is
    named by records and missing in the folder is listed, with exit code 1.
    """
    try:
        sealed_for = read_recipient(recipient)
    except KeyTextError:
        words = "--recipient 要写 age1 开头的公钥。", "--recipient must be a public key that begins with age1."
        raise InputError(say(lang, *words)) from None
    open_running_data(data, lang)
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    write = import_module("wuzha.web.archive.pack").write_archive
    try:
        with _show_progress(lang) as progress, seal(fresh, sealed_for) as stream:
            told = write(stream, now=datetime.now(BEIJING), version=version("wuzha"), progress=progress)
        fresh.replace(path)
    except OSError as error:
        raise _refuse_file(path, error, lang) from None
    finally:
        fresh.unlink(missing_ok=True)
    import_module("wuzha.web.accounts.marks").leave_mark("backup", datetime.now(BEIJING))
    _tell(told, lang)
    _tell_missing(told["missing"], lang)


@click.command("verify-backup", short_help="查一份备份是否完整。 Check that a backup is whole.")
@click.argument("path", type=click.Path(path_type=Path), metavar="FILE")
@identity_option
@language_option
def verify_backup(path: Path, identity: Path, lang: Language) -> None:
    """把备份从头读到尾：每张表的行数和摘要、每个文件的摘要都对上，才算完整。不动任何数据。

    Reads a backup to its end and compares every count and digest in it. Changes nothing.
    """

    def verify(stream: IO[bytes]) -> Told:
        with open_reader(stream) as reader:
            for _piece in reader.read():
                pass
        click.echo(say(lang, f"备份于 {reader.head['made_at']}", f"made at {reader.head['made_at']}"))
        return reader.end

    _tell(_open(path, identity, verify, lang), lang)
    click.echo(say(lang, "完整。", "Whole."))


@click.command(short_help="把备份装回去。 Put a backup back.")
@click.argument("path", type=click.Path(path_type=Path), metavar="FILE")
@identity_option
@data_option
@language_option
def restore(path: Path, identity: Path, data: str, lang: Language) -> None:
    """把备份装进一个空的数据文件夹（或空的 PostgreSQL 数据库），装完逐表核对。对不上就一行也不留。

    \b
    例：
      wuzha restore 2026-11-22.age --identity 钥匙.txt --data /srv/新文件夹

    Puts a backup into an empty data folder or an empty PostgreSQL database and compares every table.
    """
    open_data_folder(data, lang)
    run_django("migrate", "--verbosity", "0")
    with _show_progress(lang) as progress:
        loaded = _open(path, identity, lambda stream: _load(stream, progress), lang)
    if loaded.key:
        _keep_key(Path(data).absolute() / "secret.key", loaded.key)
    _tell(loaded.end, lang)
    _tell_missing(loaded.end.get("missing", []), lang)
    click.echo(say(lang, "装好了，和备份逐表一致。", "Restored; every table is as it was."))
    _tell_missing_keys(lang)


@click.command(short_help="从内置数据库搬到 PostgreSQL。 Move to PostgreSQL.")
@click.option(
    "--to",
    required=True,
    envvar="WUZHA_MOVE_TO",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="写有 postgres:// 地址的文件。 File that holds the address of the new database.",
)
@data_option
@language_option
def move(to: Path, data: str, lang: Language) -> None:
    """把内置数据库的全部内容搬进一个空的 PostgreSQL 数据库，逐表核对行数和摘要。照片和文件留在原来的文件夹。

    先停网站。搬完把 WUZHA_DATABASE_URL_FILE 指向同一个文件再启动；原来的数据库文件不动，可以留作备份。

    \b
    例：
      wuzha move --to /etc/wuzha.database --data /srv/wuzha/data

    Copies the embedded database into an empty PostgreSQL one and compares counts and digests. Stop the site first.
    """
    if os.environ.get("WUZHA_DATABASE_URL") or os.environ.get("WUZHA_DATABASE_URL_FILE"):
        words = (
            "已经在用 PostgreSQL 了：设了 WUZHA_DATABASE_URL。",
            "WUZHA_DATABASE_URL is set: this is PostgreSQL already.",
        )
        raise InputError(say(lang, *words))
    try:
        address = to.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise _refuse_file(to, error, lang) from None
    open_running_data(data, lang)
    command = [sys.executable, "-P", "-m", "wuzha", "take-moved", "--data", data, "--lang", lang]
    environment = {**os.environ, "WUZHA_DATABASE_URL": address}
    write = import_module("wuzha.web.archive.pack").write_archive
    with subprocess.Popen(command, stdin=subprocess.PIPE, env=environment) as child:
        assert child.stdin is not None
        with suppress(BrokenPipeError), child.stdin as stream:  # the other one says why it hung up
            write(stream, now=datetime.now(BEIJING), version=version("wuzha"), with_files=False)
    if child.returncode:
        raise click.exceptions.Exit(child.returncode)


@click.command("take-moved", hidden=True)
@data_option
@language_option
def take_moved(data: str, lang: Language) -> None:
    """The other end of ``wuzha move``: puts what comes in into the database of the settings."""
    open_data_folder(data, lang)
    run_django("migrate", "--verbosity", "0")
    with _show_progress(lang) as progress:
        loaded = _tell_of_errors(lambda: _load(sys.stdin.buffer, progress), lang)
    _tell(loaded.end, lang)
    click.echo(say(lang, "搬好了，逐表一致。", "Moved; every table is as it was."))


def _load(stream: IO[bytes], progress: Callable[[str], None]) -> Any:
    return import_module("wuzha.web.archive.unpack").load_archive(stream, progress)


def _open(path: Path, identity: Path, work: Callable[[IO[bytes]], Answer], language: Language) -> Answer:
    try:
        key = read_identity(identity.read_text(encoding="utf-8"))
    except OSError as error:
        raise _refuse_file(identity, error, language) from None
    except ValueError:
        words = f"{identity} 里没有私钥（AGE-SECRET-KEY- 开头）。", f"{identity} holds no key (AGE-SECRET-KEY-…)."
        raise InputError(say(language, *words)) from None

    def unsealed() -> Answer:
        with unseal(path, key) as stream:
            return work(stream)

    return _tell_of_errors(unsealed, language, path)


def _tell_of_errors(work: Callable[[], Answer], language: Language, path: Path | None = None) -> Answer:
    try:
        return work()
    except ArchiveError as error:
        problem = Problem(error.code, NOWHERE, tuple((name, str(value)) for name, value in error.params.items()))
        raise InputError(describe_problem(problem, language)) from None
    except SealError:
        words = (
            "这把钥匙打不开这个文件，或者文件不完整、被改过。",
            "This key does not open the file, or it is cut or changed.",
        )
        raise InputError(say(language, *words)) from None
    except OSError as error:
        if path is None:
            raise
        raise _refuse_file(path, error, language) from None


def _refuse_file(path: Path, error: OSError, language: Language) -> InputError:
    words = f"{path} 用不了：{error.strerror}。", f"{path} cannot be used: {error.strerror}."
    return InputError(say(language, *words))


def _tell_missing_keys(language: Language) -> None:
    """A backup holds no key of the ring: what is sealed in it opens once the ring's own copy has been put back."""
    missing = import_module("wuzha.web.personal.rotation").list_missing()
    for name in missing:
        click.echo(describe_problem(make_problem("keys.missing", NOWHERE, key=name), language), err=True)
    if missing:
        raise click.exceptions.Exit(1)


def _keep_key(path: Path, content: bytes) -> None:
    fresh = path.with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.write_bytes(content)
    fresh.replace(path)


@contextmanager
def _show_progress(language: Language) -> Iterator[Callable[[str], None]]:
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _table: None
        return
    with console.status(say(language, "开始", "beginning")) as status:
        yield status.update


def _tell(told: Told, language: Language) -> None:
    rows = sum(one["rows"] for one in told["tables"].values())
    tables, files = len(told["tables"]), told["files"]
    words = f"{tables} 张表，共 {rows} 行；{files} 个文件。", f"{tables} tables, {rows} rows; {files} files."
    click.echo(say(language, *words))


def _tell_missing(missing: list[str], language: Language) -> None:
    if not missing:
        return
    words = (
        f"有 {len(missing)} 个文件记录里有、文件夹里没有或者坏了：",
        f"{len(missing)} files that records name are missing or damaged in the folder:",
    )
    click.echo(say(language, *words), err=True)
    for name in missing:
        click.echo(f"  {name}", err=True)
    raise click.exceptions.Exit(1)
