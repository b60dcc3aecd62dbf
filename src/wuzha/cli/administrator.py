"""``wuzha administrator``: the first person of an installation, who takes in the roster and the others."""

import secrets
from datetime import datetime
from importlib import import_module

import click

from wuzha.adapters.wording.words import Language
from wuzha.cli.files import BEIJING, InputError, language_option, say
from wuzha.cli.site import data_option, open_running_data

BYTES = 12


@click.command(short_help="建第一个管理员账号。 Make the first administrator.")
@click.argument("username", metavar="USERNAME")
@click.option("--name", default="", help="姓名或者岗位，显示在网页上。")
@data_option
@language_option
def administrator(username: str, name: str, data: str, lang: Language) -> None:
    """建第一个管理员账号，显示一次初始密码。他登录后导入花名册，再给其他人建账号。

    \b
    例：
      wuzha administrator admin --name 县联席办专干

    Makes an account that may take in the first roster, and shows its password once.
    """
    open_running_data(data, lang)
    actions = import_module("wuzha.web.accounts.actions")
    password = secrets.token_urlsafe(BYTES)
    told = {"username": username, "display_name": name or username, "password": password}
    try:
        actions.create_administrator(**told, now=datetime.now(BEIJING))
    except (actions.TakenError, ValueError):
        words = (
            f"账号 {username} 已经有了，或者写法不对（只用字母、数字和 @ . + - _）。",
            f"There is a user {username} already, or the name has other signs than letters, digits and @ . + - _.",
        )
        raise InputError(say(lang, *words)) from None
    click.echo(say(lang, f"账号：{username}", f"User name: {username}"))
    click.echo(say(lang, f"初始密码：{password}", f"First password: {password}"))
    click.echo(
        say(
            lang,
            "密码只显示这一次，登录后请在“我的”里改掉。",
            "It is shown only this once; change it after logging in.",
        )
    )
