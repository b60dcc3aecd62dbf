"""``wuzha settings``: what the site would run with, without what is secret, and what of it is unsafe."""

import json
from datetime import datetime
from importlib import import_module
from types import MappingProxyType

import click

from wuzha.adapters.wording.words import Language
from wuzha.cli.files import BEIJING, language_option, say
from wuzha.cli.site import data_option, open_data_folder

ORIGINS = MappingProxyType({"environment": "环境变量", "file": "文件", "default": "默认"})


@click.command(short_help="看现在生效的设置。 Show the settings in effect.")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@data_option
@language_option
def settings(as_json: bool, data: str, lang: Language) -> None:
    """列出现在生效的设置和它从哪里来，密码和密钥只说有没有；再说哪些搭配不安全。有危险的设置，退出码为 1。

    改了设置要重新启动 wuzha serve 和 wuzha worker 才生效。

    Lists the settings in effect and warns of unsafe ones; exit code 1 where one is dangerous.
    """
    open_data_folder(data, lang)
    configuration = import_module("wuzha.web.configuration")
    found = configuration.list_settings()
    warnings = configuration.list_warnings(lambda: datetime.now(BEIJING))
    if as_json:
        told = {
            "settings": {one.name: {"value": one.value, "origin": one.origin} for one in found},
            "warnings": [{"code": one.code, "level": one.level, "say": one.say(lang)} for one in warnings],
        }
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        width = max(len(one.name) for one in found) + 2
        for one in found:
            value = one.value or say(lang, "（没有设置）", "(not set)")
            click.echo(f"{one.name:<{width}}{value}  [{say(lang, ORIGINS[one.origin], one.origin)}]")
        for warning in warnings:
            click.echo(warning.say(lang))
    if any(one.is_fatal for one in warnings):
        raise click.exceptions.Exit(1)
