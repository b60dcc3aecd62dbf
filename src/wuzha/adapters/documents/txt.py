"""Plain text in the encodings that Chinese offices use."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable

from wuzha.adapters.documents.model import Found, RefusedError

GUESSED = ("gb18030", "utf-16-le", "utf-16-be")
"""Encodings that nothing in a file gives away."""

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x7f]")


def read(content: bytes) -> Found:
    """The text as ``Path.read_text`` gives it, a byte order mark of UTF-8 kept as its first character."""
    return Found("txt", decode(content))


def decode(content: bytes, told: str = "") -> str:
    """By its mark, else UTF-8, GB18030, UTF-16 in this order; what then is not mostly writing was no text.

    ``told`` is what the text says of itself, UTF-8 or GB18030; it is believed only where every byte agrees. UTF-8 goes
    first even against GB18030: nothing else happens to be UTF-8, while GB18030 has some sign for nearly any bytes.
    """
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8", *GUESSED):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _CONTROL.search(text):
            continue
        if _looks_written(text, _is_writing if encoding == told or encoding not in GUESSED else _is_common):
            return text.replace("\r\n", "\n").replace("\r", "\n")
        if encoding == "utf-8":  # it is what it is: any other reading of these bytes would be a chance hit
            break
    raise RefusedError("document.encoding")


def _looks_written(text: str, is_known: Callable[[str], bool]) -> bool:
    """Whether at most one sign in twenty is none that people write; the text is taken whole."""
    counts = Counter(text)
    strange = sum(count for sign, count in counts.items() if not is_known(sign))
    return strange * 20 <= len(text)


def _is_writing(sign: str) -> bool:
    """A letter, figure, punctuation, symbol or space of any script; nothing private, unassigned or loose."""
    return sign in "\t\n\r\f\v\ufeff" or unicodedata.category(sign)[0] in "LNPSZ"


def _is_common(sign: str) -> bool:
    """For an encoding that was guessed, and that gives some sign for nearly any bytes: what Chinese papers hold.

    ASCII, the marks of Latin-1, the ideographs and signs of GB 2312, punctuation and marks, kana, full-width forms.
    """
    code = ord(sign)
    if (
        code < 0x80
        or 0xA0 <= code < 0x100
        or 0x2000 <= code < 0x2700
        or 0x3000 <= code < 0x3400
        or 0xFF00 <= code < 0xFFF0
    ):
        return True
    try:
        return bool(sign.encode("gb2312"))
    except UnicodeEncodeError:
        return False
