"""A browser without a screen, as thin as a load test wants it: cookies, one connection, and a hand that cuts the line.

Two thousand of them live in one process beside the server that they try, so nothing here costs more than it must.
"""

import asyncio
import html
import json
import re
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

PATIENCE_S = 60.0
NOTHING: Mapping[str, str] = MappingProxyType({})
INPUT = re.compile(r"<input\b[^>]*>")
AREA = re.compile(r'<textarea\b[^>]*\bname="([^"]*)"[^>]*>([^<]*)</textarea>')
PAIR = re.compile(r'\b(name|value|type)="([^"]*)"')


class Cut(Enum):
    """Where a line is cut: in the middle of what is sent, before the answer, or in the middle of the answer."""

    SENDING = "sending"
    WAITING = "waiting"
    READING = "reading"


class CutError(Exception):
    """The line was cut on purpose; whether anything was kept is not known."""


class LineError(Exception):
    """The line broke by itself, or nobody answered in time."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status, heads in small letters, the body unpacked, and how long it took."""

    status: int
    heads: Mapping[str, str]
    body: bytes
    took_ms: float

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")

    @property
    def told(self) -> Any:
        """The body as JSON; none when it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    @property
    def location(self) -> str:
        return self.heads.get("location", "")


@dataclass(slots=True)
class Browser:
    """One person's browser: what it keeps, and the connection it has open."""

    host: str
    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    reader: asyncio.StreamReader | None = None
    writer: asyncio.StreamWriter | None = None

    async def ask(
        self, method: str, path: str, body: bytes = b"", heads: Mapping[str, str] = NOTHING, cut: Cut | None = None
    ) -> Answer:
        """The answer. Raises :class:`CutError` when the line was to be cut, :class:`LineError` when it broke."""
        start = time.perf_counter()
        was_open = self.writer is not None
        packed = self._pack(method, path, body, heads)
        try:
            async with asyncio.timeout(PATIENCE_S):
                try:
                    answer = await self._exchange(packed, len(body), cut)
                except (OSError, EOFError, ValueError) as error:
                    # A connection that slept may have been closed meanwhile; a browser opens another one by itself.
                    self.close()
                    if not was_open:
                        raise LineError(type(error).__name__) from None
                    answer = await self._exchange(packed, len(body), cut)
        except TimeoutError:
            self.close()
            raise LineError("no answer in time") from None
        except (OSError, EOFError, ValueError) as error:
            self.close()
            raise LineError(type(error).__name__) from None
        except CutError:
            self.close()
            raise
        status, told, content = answer
        return Answer(status, told, content, (time.perf_counter() - start) * 1000)

    async def get(self, path: str) -> Answer:
        return await self.ask("GET", path)

    async def post_form(self, path: str, fields: Mapping[str, str], cut: Cut | None = None) -> Answer:
        """As a page sends it: the token from the cookie among the fields."""
        told = {"csrfmiddlewaretoken": self.cookies.get("csrftoken", ""), **fields}
        heads = {"Content-Type": "application/x-www-form-urlencoded"}
        return await self.ask("POST", path, urlencode(told).encode(), heads, cut)

    async def post_files(
        self, path: str, fields: Mapping[str, str], files: Mapping[str, bytes], cut: Cut | None = None
    ) -> Answer:
        """A form with photos, each under the field ``files``."""
        told = {"csrfmiddlewaretoken": self.cookies.get("csrftoken", ""), **fields}
        body, kind = pack_form(told, files)
        return await self.ask("POST", path, body, {"Content-Type": kind}, cut)

    async def send(
        self, method: str, path: str, body: bytes, heads: Mapping[str, str] = NOTHING, cut: Cut | None = None
    ) -> Answer:
        """As a script of a page sends it: the token in the head."""
        signed = {"Accept": "application/json", "X-CSRFToken": self.cookies.get("csrftoken", ""), **heads}
        return await self.ask(method, path, body, signed, cut)

    def close(self) -> None:
        if self.writer is not None:
            self.writer.close()
        self.reader = self.writer = None

    def _pack(self, method: str, path: str, body: bytes, heads: Mapping[str, str]) -> bytes:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        told = {
            "Host": f"{self.host}:{self.port}",
            "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
            "Accept-Language": "zh-CN",
            "Accept-Encoding": "gzip",
            "Origin": f"http://{self.host}:{self.port}",
            **({"Cookie": cookies} if cookies else {}),
            **({"Content-Length": str(len(body))} if method != "GET" else {}),
            **heads,
        }
        lines = "".join(f"{name}: {value}\r\n" for name, value in told.items())
        return f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode() + body

    async def _exchange(self, packed: bytes, body: int, cut: Cut | None) -> tuple[int, dict[str, str], bytes]:
        if self.writer is None:
            self.reader, self.writer = await asyncio.open_connection(self.host, self.port)
        assert self.reader is not None
        # A line that is cut in the sending loses the second half of the body, or of the head where there is none.
        self.writer.write(packed if cut is not Cut.SENDING else packed[: len(packed) - max(1, body // 2)])
        await self.writer.drain()
        if cut in (Cut.SENDING, Cut.WAITING):
            raise CutError
        status, heads = await self._read_head(self.reader)
        if cut is Cut.READING:
            raise CutError
        content = await _read_body(self.reader, status, heads)
        if heads.get("connection", "").lower() == "close":
            self.close()
        if heads.get("content-encoding") == "gzip":
            content = zlib.decompress(content, zlib.MAX_WBITS | 16)
        return status, heads, content

    async def _read_head(self, reader: asyncio.StreamReader) -> tuple[int, dict[str, str]]:
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        heads: dict[str, str] = {}
        for line in lines[1:-2]:
            name, _, value = line.partition(":")
            heads[name.lower()] = value.strip()
            if name.lower() == "set-cookie":
                self._keep(value)
        return int(lines[0].split(" ", 2)[1]), heads

    def _keep(self, cookie: str) -> None:
        name, _, value = cookie.partition(";")[0].strip().partition("=")
        if value and value != '""':
            self.cookies[name] = value
        else:
            self.cookies.pop(name, None)


async def _read_body(reader: asyncio.StreamReader, status: int, heads: Mapping[str, str]) -> bytes:
    if status in (204, 304):
        return b""
    if "content-length" in heads:
        return await reader.readexactly(int(heads["content-length"]))
    if heads.get("transfer-encoding", "").lower() != "chunked":
        return await reader.read()
    pieces = []
    while size := int((await reader.readuntil(b"\r\n")).partition(b";")[0], 16):
        pieces.append(await reader.readexactly(size))
        await reader.readexactly(2)
    await reader.readuntil(b"\r\n")
    return b"".join(pieces)


def pack_form(fields: Mapping[str, str], files: Mapping[str, bytes]) -> tuple[bytes, str]:
    """A form with files as it travels, and its media type. A photo's name is its name in ``files``."""
    edge = "----wuzha-load-7d1f3a"
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    for name, content in files.items():
        head = f'--{edge}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n'
        parts += [head.encode(), b"Content-Type: image/jpeg\r\n\r\n", content, b"\r\n"]
    return b"".join([*parts, f"--{edge}--\r\n".encode()]), f"multipart/form-data; boundary={edge}"


def read_fields(page: str) -> dict[str, str]:
    """What the fields to type in say by themselves, by name; a box to tick says nothing."""
    found = {name: html.unescape(text.removeprefix("\n")) for name, text in AREA.findall(page)}
    for tag in INPUT.findall(page):
        told = dict(PAIR.findall(tag))
        if "name" in told and told.get("type") not in ("checkbox", "radio", "file", "submit"):
            found[told["name"]] = html.unescape(told.get("value", ""))
    return found
