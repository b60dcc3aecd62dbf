"""``wuzha keys``: the key ring that numbers of persons are sealed with. It lies outside the database."""

from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from wuzha.adapters.archive.seal import KeyTextError, SealError, read_identity, read_recipient, seal, unseal
from wuzha.adapters.sealing import SealingError, make_key, pack_ring, read_ring, retire_key, unpack_ring
from wuzha.adapters.wording.problem import describe_problem
from wuzha.adapters.wording.words import Language
from wuzha.cli.archive import identity_option
from wuzha.cli.files import BEIJING, InputError, language_option, say
from wuzha.cli.site import data_option, open_data_folder, open_running_data
from wuzha.core.base.problem import NOWHERE, make_problem


@click.group(short_help="号码加密用的钥匙。 Keys for numbers of persons.")
def keys() -> None:
    """加密手机号、身份证号用的钥匙环。钥匙放在数据库以外的文件夹里（WUZHA_KEYS，默认是数据文件夹里的 keys），
    不进备份。钥匙丢了，封存的号码就再也打不开，所以要用 wuzha keys copy 另外保管一份。

    The key ring. It is no part of a backup: keep a copy of it made with `wuzha keys copy` elsewhere.
    """


@keys.command()
@data_option
@language_option
def new(data: str, lang: Language) -> None:
    """做一把新钥匙：从现在起新的号码用它封存。旧的号码仍用旧钥匙，直到 wuzha keys rotate。

    Makes a new key, with which new values are sealed from now on.
    """
    open_data_folder(data, lang)
    click.echo(make_key(_find_folder(), datetime.now(BEIJING)))


@keys.command("list")
@data_option
@language_option
def list_keys(data: str, lang: Language) -> None:
    """列出钥匙，和每把钥匙封着多少个值。有值的钥匙不在环里，退出码为 1。

    Lists the keys and how many values each seals; exit code 1 where one is missing.
    """
    open_running_data(data, lang)
    ring, counts = _read(lang), import_module("wuzha.web.personal.rotation").count_values()
    for name in sorted({*ring.keys, *counts}):
        state = say(lang, "在用", "in use") if ring.keys and name == ring.newest else ""
        missing = "" if name in ring.keys else say(lang, "缺失", "missing")
        click.echo(f"{name}  {counts.get(name, 0)}  {missing or state}".rstrip())
    lost = import_module("wuzha.web.personal.rotation").list_missing()
    for name in lost:
        click.echo(_describe("keys.missing", lang, key=name), err=True)
    if lost:
        raise click.exceptions.Exit(1)


@keys.command()
@click.option("--batch", default=500, show_default=True, type=click.IntRange(1, 10_000), help="一次换多少个值。")
@data_option
@language_option
def rotate(batch: int, data: str, lang: Language) -> None:
    """做一把新钥匙，把旧钥匙封存的值分批换成新钥匙。网站照常使用；中断了再运行 wuzha keys reseal 就接着做。

    Makes a new key and seals all values anew in batches, while the site is in use.
    """
    open_running_data(data, lang)
    make_key(_find_folder(), datetime.now(BEIJING))
    _reseal(batch, lang)


@keys.command()
@click.option("--batch", default=500, show_default=True, type=click.IntRange(1, 10_000), help="一次换多少个值。")
@data_option
@language_option
def reseal(batch: int, data: str, lang: Language) -> None:
    """把还用旧钥匙封着的值换成最新的钥匙，接着上次没做完的做。 Goes on with what rotate has not done."""
    open_running_data(data, lang)
    _reseal(batch, lang)


def _reseal(batch: int, language: Language) -> None:
    done = _tell_of_keys(lambda: import_module("wuzha.web.personal.rotation").reseal_all(batch=batch), language)
    click.echo(say(language, f"换了 {done} 个值。", f"{done} values sealed anew."))


@keys.command()
@click.argument("name")
@data_option
@language_option
def retire(name: str, data: str, lang: Language) -> None:
    """收起一把没有值在用的旧钥匙，放进 retired 文件夹。用到它的旧备份都不要了，再删那个文件。

    Lays a key aside that seals nothing any more.
    """
    open_running_data(data, lang)
    ring, used = _read(lang), import_module("wuzha.web.personal.rotation").count_values().get(name, 0)
    if name not in ring.keys:
        raise InputError(say(lang, f"钥匙环里没有 {name}。", f"There is no key {name}."))
    if used or name == ring.newest:
        words = (
            f"{name} 还在用（{used} 个值）。先运行 wuzha keys rotate。",
            f"{name} is in use ({used} values). Run `wuzha keys rotate` first.",
        )
        raise InputError(say(lang, *words))
    click.echo(retire_key(_find_folder(), name))


@keys.command()
@click.argument("path", type=click.Path(path_type=Path), metavar="FILE")
@click.option("--recipient", required=True, envvar="WUZHA_BACKUP_RECIPIENT", metavar="age1…", help="封口用的公钥。")
@data_option
@language_option
def copy(path: Path, recipient: str, data: str, lang: Language) -> None:
    """把钥匙环封成一个加密文件，和数据备份分开保管。每做一把新钥匙，都要重新保管一份。

    Seals a copy of the ring, to be kept apart from the backups.
    """
    open_data_folder(data, lang)
    try:
        with seal(path, read_recipient(recipient)) as stream:
            stream.write(pack_ring(_read(lang)))
    except KeyTextError:
        raise InputError(say(lang, "--recipient 要写 age1 开头的公钥。", "--recipient must begin with age1.")) from None
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from None
    click.echo(str(path))


@keys.command()
@click.argument("path", type=click.Path(path_type=Path), metavar="FILE")
@identity_option
@data_option
@language_option
def put(path: Path, identity: Path, data: str, lang: Language) -> None:
    """把保管的那份钥匙放回钥匙环；环里已有的不动。 Puts a kept copy back into the ring."""
    open_data_folder(data, lang)
    try:
        with unseal(path, read_identity(identity.read_text(encoding="utf-8"))) as stream:
            added = unpack_ring(_find_folder(), stream.read())
    except (SealError, KeyTextError, SealingError, ValueError):
        raise InputError(
            say(lang, "这把钥匙打不开这个文件，或者它不是钥匙环。", "This is no ring that opens.")
        ) from None
    except OSError as error:
        raise InputError(f"{error.filename or path}: {error.strerror}") from None
    click.echo(say(lang, f"放回 {added} 把钥匙。", f"{added} keys put back."))


@keys.command("seal-existing")
@click.option("--batch", default=500, show_default=True, type=click.IntRange(1, 10_000), help="一次看多少条。")
@data_option
@language_option
def seal_existing(batch: int, data: str, lang: Language) -> None:
    """把以前收进来的文字里的号码也遮盖、封存，分批做，网站照常使用；中断了再运行一次就接着做。

    Masks and seals the numbers in texts that came in before; goes on where it was stopped.
    """
    open_running_data(data, lang)
    seal_rows: Callable[..., dict[str, int]] = import_module("wuzha.web.campaign.actions.seal_existing").seal_existing
    found = _tell_of_keys(lambda: seal_rows(batch=batch), lang)
    for name, count in found.items():
        click.echo(say(lang, f"{name}：遮盖了 {count} 条", f"{name}: {count} masked"))


def _find_folder() -> Path:
    return Path(import_module("django.conf").settings.KEYS)


def _read(language: Language) -> Any:
    return _tell_of_keys(lambda: read_ring(_find_folder()), language)


def _tell_of_keys(work: Callable[[], Any], language: Language) -> Any:
    errors = import_module("wuzha.web.personal.ring").KeysError
    try:
        return work()
    except (SealingError, errors) as error:
        raise InputError(_describe(error.code, language, key=error.key)) from None


def _describe(code: str, language: Language, *, key: str) -> str:
    return describe_problem(make_problem(code, NOWHERE, key=key), language)
