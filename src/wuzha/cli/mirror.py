"""``wuzha mirror``: the ledger of the site as Parquet files."""

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import click

from wuzha.adapters.wording.words import Language
from wuzha.cli.files import InputError, language_option, say
from wuzha.cli.site import data_option, open_data_folder


@click.command(short_help="把台账抄成列存文件。 Mirror the ledger as Parquet.")
@click.argument("folder", metavar="FOLDER")
@click.option("--anew", is_flag=True, help="扔掉旧的，从头抄一遍。 Throw it away and build it anew.")
@data_option
@language_option
def mirror(folder: str, anew: bool, data: str, lang: Language) -> None:
    """把网站台账抄成 Parquet 文件，给分析大台账的引擎用。每次只抄新到的记录；抄件随时可以扔掉重抄，原件永远是数据库。

    \b
    例：
      wuzha mirror 台账列存
      wuzha mirror 台账列存 --anew

    Mirrors the site's ledger as Parquet: each run appends what is new. The database stays the source of truth.
    """
    if find_spec("pyarrow") is None:
        raise InputError(
            say(lang, "要另装：pip install 'wuzha[engines]'。", "This needs pip install 'wuzha[engines]'.")
        )
    open_data_folder(data, lang)
    try:
        written = import_module("wuzha.web.campaign.queries.mirror").update_mirror(Path(folder), anew=anew)
    except OSError as error:
        words = f"{folder} 写不了：{error.strerror}。", f"{folder} cannot be written: {error.strerror}."
        raise InputError(say(lang, *words)) from None
    click.echo(say(lang, f"抄了 {written} 条记录。", f"{written} records written."))
