"""A file as uploaded to text: .docx, .pdf, .html, .txt, and .doc where the machine has a program for it.

Every byte is hostile until read: parsing runs in a process of its own with limits (``apart``), and a refusal is a
problem that says why and what to do. ``docs/documents.md`` says what is read and how.

Codes and their own parameters, beside the name: ``document.empty``, ``.too-large`` (size, limit in bytes),
``.too-long`` (size, limit in characters), ``.kind`` (kind), ``.image``, ``.ofd``, ``.old-word``, ``.encoding``,
``.encrypted``, ``.scanned`` (pages), ``.garbled``, ``.too-many-pages`` (pages, limit), ``.broken``, ``.zip-bomb``
(size, limit in bytes or parts), ``.external-entity`` (part), ``.too-costly``, ``.busy``; as warnings
``.page-scanned`` (pages) and ``.numbers-lost``.
"""

from wuzha.adapters.documents.formats import SUFFIXES
from wuzha.adapters.documents.limits import Limits
from wuzha.adapters.documents.model import MAX_BYTES, MAX_CHARACTERS, Document, Kind
from wuzha.adapters.documents.read import read_document

__all__ = ("MAX_BYTES", "MAX_CHARACTERS", "SUFFIXES", "Document", "Kind", "Limits", "read_document")
