"""``wuzha health``: is the site that runs here well? For service managers and container runners."""

import json
import urllib.error
import urllib.request

import click

from wuzha.adapters.wording.words import Language
from wuzha.cli.files import language_option, say

LIMIT_S = 10


@click.command(short_help="查网站好不好。 Is the running site well?")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, envvar="PORT")
@click.option("--host", default="127.0.0.1", show_default=True, help="网站在哪台机器上听。 Where the site listens.")
@language_option
def health(port: int, host: str, lang: Language) -> None:
    """问正在运行的网站好不好：好，退出码为 0；不好或者没有回答，退出码为 1，并说出是哪一部分。

    Asks the running site; exit code 0 where it is well, 1 where it is not or does not answer.
    """
    told = _ask(f"http://{host}:{port}/health/ready")
    if told is None:
        click.echo(say(lang, "网站没有回答。", "The site does not answer."))
        raise click.exceptions.Exit(1)
    parts = told.get("parts")
    for part, is_well in parts.items() if isinstance(parts, dict) else ():
        click.echo(f"{part}: {say(lang, '正常' if is_well else '有问题', 'well' if is_well else 'not well')}")
    click.echo(say(lang, "网站正常。" if told["ok"] else "网站有问题。", "Well." if told["ok"] else "Not well."))
    if not told["ok"]:
        raise click.exceptions.Exit(1)


def _ask(address: str) -> dict[str, object] | None:
    """What the site says; none where it says nothing that can be read."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(address, timeout=LIMIT_S) as answer:
            return _read(answer.read())
    except urllib.error.HTTPError as error:
        return _read(error.read())
    except OSError:
        return None


def _read(content: bytes) -> dict[str, object] | None:
    try:
        told = json.loads(content)
    except ValueError:
        return None
    return told if isinstance(told, dict) and "ok" in told else None
