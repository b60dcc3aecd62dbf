"""The phone page as files: what it is made of, and the version that follows from their content.

The version stands in the address of every file, so that no page ever mixes two versions, and a service worker fills one
cache for each. Nothing here knows who asks: the shell is the same for everybody.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.translation import get_language

from wuzha.web.campaign.phone_words import WORDS

SCRIPT, STYLE, PICTURE = "text/javascript; charset=utf-8", "text/css; charset=utf-8", "image/svg+xml"
PIXELS = "image/png"
# Name in the page's folder → static file and media type.
FILES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "wuzha.css": ("css/wuzha.css", STYLE),
        "campaign.css": ("css/campaign.css", STYLE),
        "phone.css": ("phone/phone.css", STYLE),
        "store.js": ("phone/store.js", SCRIPT),
        "send.js": ("phone/send.js", SCRIPT),
        "app.js": ("phone/app.js", SCRIPT),
        "checklist.js": ("phone/checklist.js", SCRIPT),
        "dom.js": ("phone/dom.js", SCRIPT),
        "photo.js": ("phone/photo.js", SCRIPT),
        "queue.js": ("phone/queue.js", SCRIPT),
        "record.js": ("phone/record.js", SCRIPT),
        "round.js": ("phone/round.js", SCRIPT),
        "work.js": ("phone/work.js", SCRIPT),
        "icons.svg": ("icons/icons.svg", PICTURE),
        "wuzha.svg": ("icons/wuzha.svg", PICTURE),
    }
)
# What a home screen asks for, once and with a network: no phone keeps it for the page.
ICONS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {name: (f"icons/{name}", PIXELS) for name in ("wuzha-180.png", "wuzha-192.png", "wuzha-512.png")}
)
SERVED: Mapping[str, tuple[str, str]] = MappingProxyType({**FILES, **ICONS})
WORKER = "phone/worker.js"
SHELL = "campaign/phone/shell.html"


@dataclass(frozen=True, slots=True)
class Pack:
    """One version of the page in one language: the shell, and the service worker that keeps it."""

    version: str
    shell: str
    worker: str


def read_file(name: str) -> bytes:
    """The content of one file of the page or of an icon. Raises ``KeyError`` for a name that is none of them."""
    return _read_static(SERVED[name][0])


def find_version() -> str:
    """The version of the files, from their content alone; the same on every machine."""
    return _hash(*(read_file(name) for name in SERVED), _read_static(WORKER))


def pack_page() -> Pack:
    """The page in the present language; packed once while the server runs, anew each time while it is developed."""
    pack = _pack.__wrapped__ if settings.DEBUG else _pack
    return pack(get_language() or settings.LANGUAGE_CODE)


@cache
def _pack(language: str) -> Pack:
    files = find_version()
    words = {key: str(words) for key, words in WORDS.items()}
    # What closes a script element would close it inside a sentence too.
    told = json.dumps(words, ensure_ascii=False).replace("<", "\\u003c")
    folder = f"/phone/{files}/"
    shell = render_to_string(SHELL, {"folder": folder, "version": files, "words": told, "language": language})
    version = _hash(files.encode(), shell.encode())
    listed = ["/phone/", *(folder + name for name in FILES)]
    head = f"self.WUZHA = {json.dumps({'version': version, 'files': listed})};\n"
    shared = f'importScripts("{folder}store.js", "{folder}send.js");\n'
    return Pack(version, shell, head + shared + _read_static(WORKER).decode())


def _read_static(name: str) -> bytes:
    return _read_cached(name) if not settings.DEBUG else _read_cached.__wrapped__(name)


@cache
def _read_cached(name: str) -> bytes:
    path = finders.find(name)
    if not isinstance(path, str):
        raise FileNotFoundError(name)
    return Path(path).read_bytes()


def _hash(*parts: bytes) -> str:
    digest = sha256()
    for part in parts:
        digest.update(sha256(part).digest())
    return digest.hexdigest()[:16]
