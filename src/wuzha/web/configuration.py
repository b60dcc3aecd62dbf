"""The settings in effect, without what is secret, and which of them are unsafe together."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from wuzha.adapters.wording.problem import describe_problem
from wuzha.adapters.wording.words import Language
from wuzha.core.base.problem import NOWHERE, Problem
from wuzha.settings import env

# What is called so is never shown.
SECRET = ("KEY", "SECRET", "PASSWORD", "TOKEN", "URL")
OTHERS = 0o077
LEAST_DISK_MB = 1024
MOST_SKEW_S = 60
SHORTEST_KEY = 32
PREFIX = "WUZHA_"
# Read by single commands, and no settings of the site.
BESIDE = ("WUZHA_LANG", "WUZHA_BACKUP_IDENTITY", "WUZHA_BACKUP_RECIPIENT", "WUZHA_MOVE_TO")


@dataclass(frozen=True, slots=True)
class Setting:
    """``origin`` is "environment", "file" or "default"; of a secret ``value`` says only whether there is one."""

    name: str
    value: str
    origin: str


@dataclass(frozen=True, slots=True)
class Warned:
    """``level`` is "fatal" (nothing starts), "warn" (said at every start) or "note" (said by ``wuzha settings``)."""

    code: str
    level: str
    params: tuple[tuple[str, str], ...] = ()

    @property
    def is_fatal(self) -> bool:
        return self.level == "fatal"

    @property
    def is_said_at_start(self) -> bool:
        return self.level in ("fatal", "warn")

    def say(self, language: Language) -> str:
        return describe_problem(Problem(self.code, NOWHERE, self.params), language)


def list_settings() -> list[Setting]:
    """Every setting that is read from the environment, in the order of names."""
    return [_tell(name, value) for name, value in sorted(env.dump().items())]


def _tell(name: str, value: object) -> Setting:
    origin = "environment" if os.environ.get(name) else "file" if os.environ.get(f"{name}_FILE") else "default"
    if any(word in name.removeprefix(PREFIX) for word in SECRET):
        return Setting(name, "***" if value else "", origin)
    return Setting(name, ",".join(map(str, value)) if isinstance(value, list) else str(value), origin)


def list_warnings(read_clock: Callable[[], datetime] | None = None) -> list[Warned]:
    """What is unsafe as it is set. With a clock the database's one is compared with it, which asks the database."""
    found = [*_look_at_settings(), *_look_at_folder(Path(settings.DATA))]
    return found + ([*_look_at_clock(read_clock())] if read_clock is not None else [])


def _look_at_settings() -> Iterator[Warned]:
    oidc = settings.OIDC
    any_host = "*" in settings.ALLOWED_HOSTS
    looks = (
        (settings.DEBUG, "setting.debug", "fatal" if settings.HTTPS else "warn"),
        (any_host, "setting.any-host", "warn" if settings.HTTPS else "note"),
        (not settings.HTTPS, "setting.no-https", "note"),
        (settings.HTTPS and not settings.PROXIES, "setting.https-without-proxy", "fatal"),
        (any(one.endswith("/0") for one in settings.PROXIES), "setting.any-proxy", "warn"),
        (len(settings.SECRET_KEY) < SHORTEST_KEY, "setting.short-key", "fatal"),
        (settings.RATE_FACTOR == 0, "setting.no-rates", "warn"),
        (bool(oidc["issuer"]) != bool(oidc["client"]), "setting.half-central", "fatal"),
        (settings.METRICS == "key" and not settings.HEALTH_KEY, "setting.metrics-without-key", "fatal"),
        ("@" in os.environ.get("WUZHA_DATABASE_URL", ""), "setting.password-in-environment", "note"),
    )
    yield from (Warned(code, level) for is_so, code, level in looks if is_so)
    yield from _look_for_unknown()


def _look_for_unknown() -> Iterator[Warned]:
    """A name that is misspelt leaves what it was to set as it was."""
    known = {*env.dump(), *BESIDE}
    told = (name for name in os.environ if name.startswith(PREFIX))
    yield from (
        _warn("setting.unknown", "warn", name=name)
        for name in sorted(told)
        if not {name, name.removesuffix(env.file_suffix)} & known
    )


def _warn(code: str, level: str, **params: object) -> Warned:
    return Warned(code, level, tuple((name, str(value)) for name, value in params.items()))


def _look_at_folder(folder: Path) -> Iterator[Warned]:
    if not folder.is_dir():
        return
    if os.name == "posix" and folder.stat().st_mode & OTHERS:
        yield _warn("setting.folder-open", "note", path=folder)
    if (folder / "secret.key").exists() and not env.dump().get("WUZHA_SECRET_KEY"):
        yield _warn("setting.key-beside-data", "note", path=folder)
    free_mb = shutil.disk_usage(folder).free // (1024 * 1024)
    if free_mb < LEAST_DISK_MB:
        yield _warn("setting.little-disk", "warn", path=folder, free=free_mb)


def _look_at_clock(now: datetime) -> Iterator[Warned]:
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
        skew_s = abs(float(cursor.fetchone()[0]) - now.timestamp())
    if skew_s > MOST_SKEW_S:
        yield _warn("setting.clocks-apart", "warn", seconds=round(skew_s))
