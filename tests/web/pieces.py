"""Sending files as a phone does: in pieces, with what they are said in the head of each request."""

from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.http import HttpResponse
from django.test import Client

from wuzha.adapters.evidence_store import hash_content
from wuzha.web.campaign.queries.evidence import open_store

FILE = UUID("018f3c1e-0000-7000-8000-00000000f11e")
PIECE = 4_000


def send_piece(
    client: Client,
    content: bytes,
    record: UUID,
    *,
    offset: int = 0,
    length: int = PIECE,
    pk: UUID = FILE,
    name: str = "现场.jpg",
    **more: Any,
) -> Any:
    """One piece of the content; ``more`` are heads to be said otherwise."""
    head = {
        "X-Record": str(record),
        "X-Size": str(len(content)),
        "X-Offset": str(offset),
        "X-SHA256": hash_content(content),
        "X-Name": quote(name),
    }
    head |= {key.replace("_", "-"): str(value) for key, value in more.items()}
    piece = content[offset : offset + length]
    return client.put(f"/evidence/{pk}/", piece, content_type="application/octet-stream", headers=head)


def send_whole(client: Client, content: bytes, record: UUID, *, pk: UUID = FILE, name: str = "现场.jpg") -> Any:
    """The whole content, piece after piece; gives the last answer."""
    answer: Any = None
    for offset in range(0, max(len(content), 1), PIECE):
        answer = send_piece(client, content, record, offset=offset, pk=pk, name=name)
        if answer.status_code != 200:
            return answer
    return answer


def read_body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def ask(client: Client, address: str) -> int:
    """The status of what comes back; a file that comes is read to its end."""
    answer = client.get(address)
    read_body(answer)  # closes it; closing it by hand would end the database's connection with the request
    return int(answer.status_code)


def list_files() -> list[Path]:
    """Every file in the evidence folder under a final name."""
    root = open_store().root
    return [file for file in root.glob("[0-9a-f][0-9a-f]/*") if file.is_file()]


def list_parts() -> list[Path]:
    return list((open_store().root / "parts").glob("*"))


def is_json(answer: HttpResponse) -> bool:
    return answer.headers["Content-Type"].startswith("application/json")
