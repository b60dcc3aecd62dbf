"""Settings read from the environment, each held to what is allowed before anything is begun.

A value that cannot be meant is refused with a sentence that names the setting, the value and what is allowed: one that
was read as something else, or as nothing, would quietly switch off what it was to switch on.
"""

import math
import re
from collections.abc import Collection, Sequence
from ipaddress import ip_network
from typing import NoReturn
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from environs import FileAwareEnv

from wuzha.adapters.wording.problem import describe_problem
from wuzha.adapters.wording.words import Language
from wuzha.core.base.problem import NOWHERE, Problem

ON, OFF = ("1", "true", "on", "yes"), ("0", "false", "off", "no", "")
STEERING = re.compile(r"[\x00-\x1f\x7f]")
# A name, an address, or a name with a dot before it for all below it; `*` is every name.
HOST = re.compile(r"\*|\.?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*|\d+(\.\d+){3}|\[[0-9A-Fa-f:.]+\]")
CLAIM = re.compile(r"[A-Za-z0-9_.:/-]+")
THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
SHOWN = 60


class WrongSettingError(ImproperlyConfigured):
    """A setting that has a value which is not allowed."""

    def __init__(self, code: str, name: str, value: str, allowed: str = "") -> None:
        self.name = name
        params = (("name", name), ("value", STEERING.sub("?", value)[:SHOWN]), ("allowed", allowed))
        self.problem = Problem(code, NOWHERE, params)
        super().__init__(self.say("zh"), self.say("en"))

    def say(self, language: Language) -> str:
        return describe_problem(self.problem, language)


class Settings(FileAwareEnv):
    """Every reader takes the name without its prefix and what holds where nobody sets it, which is not looked at."""

    def number(self, name: str, default: int, least: int, most: int) -> int:
        told = self._read(name, str(default))
        if not re.fullmatch(r"-?[0-9]{1,9}", told) or not least <= int(told) <= most:
            self._refuse("setting.wrong-number", name=name, value=told, allowed=f"{least}–{most}")
        return int(told)

    def share(self, name: str, default: float, most: float) -> float:
        """Any number from 0 on."""
        told = self._read(name, f"{default:g}")
        try:
            found = float(told)
        except ValueError:
            found = math.nan
        if not 0 <= found <= most:
            self._refuse("setting.wrong-share", name=name, value=told, allowed=f"0–{most:g}")
        return found

    def switch(self, name: str, default: bool) -> bool:
        told = self._read(name, "on" if default else "off").lower()
        if told not in ON + OFF:
            self._refuse("setting.wrong-switch", name=name, value=told, allowed="1, on, 0, off")
        return told in ON

    def choice(self, name: str, default: str, allowed: Sequence[str]) -> str:
        told = self._read(name, default)
        if told not in allowed:
            self._refuse("setting.wrong-choice", name=name, value=told, allowed=", ".join(allowed))
        return told

    def choices(self, name: str, default: Collection[str], allowed: Sequence[str]) -> list[str]:
        told = self._read_list(name, default)
        if wrong := [one for one in told if one not in allowed]:
            self._refuse("setting.wrong-choices", name=name, value=",".join(wrong), allowed=", ".join(allowed))
        return told

    def networks(self, name: str, default: Collection[str]) -> list[str]:
        """Addresses and networks of machines."""
        told = self._read_list(name, default)
        if wrong := [one for one in told if not _is_network(one)]:
            self._refuse("setting.wrong-network", name=name, value=",".join(wrong))
        return told

    def hosts(self, name: str, default: Collection[str]) -> list[str]:
        told = self._read_list(name, default)
        if wrong := [one for one in told if not HOST.fullmatch(one)]:
            self._refuse("setting.wrong-host", name=name, value=",".join(wrong))
        if not told:
            self._refuse("setting.wrong-host", name=name, value="")
        return told

    def address(self, name: str, default: str) -> str:
        """Of another machine's pages; what it says is believed, so nobody may write on the way."""
        told = self._read(name, default)
        if told and not _is_safe(told):
            self._refuse("setting.wrong-address", name=name, value=told)
        return told.rstrip("/")

    def claim(self, name: str, default: str) -> str:
        told = self._read(name, default)
        if not CLAIM.fullmatch(told):
            self._refuse("setting.wrong-claim", name=name, value=told)
        return told

    def secret(self, name: str, default: str, least: int = 0) -> str:
        """Never shown. Nothing, or so many signs at least."""
        told = self._read(name, default, shown="***")
        if told and len(told) < least:
            self._refuse("setting.wrong-secret", name=name, value="***", allowed=str(least))
        return told

    def text(self, name: str, default: str) -> str:
        return self._read(name, default)

    def refuse_database(self, name: str) -> NoReturn:
        self._refuse("setting.wrong-database", name=name, value="***")

    def _read_list(self, name: str, default: Collection[str]) -> list[str]:
        told = self._read(name, ",".join(default))
        return [one.strip() for one in told.split(",") if one.strip()]

    def _read(self, name: str, default: str, shown: str = "") -> str:
        """As one line without spaces around it, as a file's last line feed is one."""
        try:
            told = str(self.str(name, default)).strip()
        except (ValueError, OSError):
            self._refuse("setting.wrong-file", name=f"{name}{self.file_suffix}", value="")
        if STEERING.search(told):
            self._refuse("setting.wrong-signs", name=name, value=shown or told)
        return told

    def _refuse(self, code: str, *, name: str, value: str, allowed: str = "") -> NoReturn:
        raise WrongSettingError(code, f"{self._prefix or ''}{name}", value, allowed)


def _is_network(told: str) -> bool:
    try:
        ip_network(told, strict=False)
    except ValueError:
        return False
    return True


def _is_safe(told: str) -> bool:
    """Whether it is https, or this machine itself; without a name, a question or a part of a page in it."""
    try:
        parts = urlsplit(told)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return False
    is_plain = not (parts.username or parts.query or parts.fragment)
    return bool(host) and is_plain and (parts.scheme == "https" or (parts.scheme == "http" and host in THIS_MACHINE))
