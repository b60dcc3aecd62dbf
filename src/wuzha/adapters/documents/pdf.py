"""PDF files with text: each sign with its place from PDFium, then lines, then paragraphs.

Only the text layer is read; scripts, forms, attachments and links in the file are never touched.
"""

import ctypes
from collections.abc import Iterator
from contextlib import closing

import pypdfium2 as pdfium
from pypdfium2 import raw

from wuzha.adapters.documents.model import MAX_CHARACTERS, Found, RefusedError
from wuzha.adapters.documents.pdf_lines import Page, Sign, gather_lines, write_text
from wuzha.core.base.problem import Problem, make_problem

MAX_PAGES = 500
"""A plan has ten; a collection of this many pages would be refused for its length all the same."""
SPARE_SIGNS = 20
"""A page with fewer signs than this shows at most its number."""
MAX_OUTLINES = 300
"""Letters drawn as outlines make a page of this many shapes and more."""

_PASSWORD = 4
_UNKNOWN = (0, 0xFFFD)
_LINE_END_HYPHEN = (2, 0xFFFE)


def read(content: bytes) -> Found:
    try:
        with closing(pdfium.PdfDocument(content)) as document:
            return _read_document(document)
    except pdfium.PdfiumError as error:
        is_locked = getattr(error, "err_code", None) == _PASSWORD
        raise RefusedError("document.encrypted" if is_locked else "document.broken") from error


def _read_document(document: pdfium.PdfDocument) -> Found:
    if len(document) > MAX_PAGES:
        raise RefusedError("document.too-many-pages", pages=len(document), limit=MAX_PAGES)
    pages: list[Page] = []
    bare: list[int] = []
    size = 0
    for number in range(len(document)):
        with closing(document[number]) as page:
            signs = list(_list_signs(page))
            width, height = page.get_size()
            pages.append(Page(width, height, gather_lines(signs, number)))
            size += len(signs)
            if len(signs) < SPARE_SIGNS and _is_picture(page):
                bare.append(number + 1)
        if size > MAX_CHARACTERS:
            raise RefusedError("document.too-long", size=size, limit=MAX_CHARACTERS)
    _refuse_unreadable(pages, bare)
    return Found("pdf", write_text(pages), _tell_bare(bare))


def _list_signs(page: pdfium.PdfPage) -> Iterator[Sign | None]:
    """The signs in the order of the file; None where PDFium ends a line."""
    with closing(page.get_textpage()) as text:
        box = raw.FS_RECTF()
        place = ctypes.byref(box)
        count = raw.FPDFText_CountChars(text)
        if count > MAX_CHARACTERS:
            raise RefusedError("document.too-long", size=count, limit=MAX_CHARACTERS)
        for at in range(count):
            code = raw.FPDFText_GetUnicode(text, at)
            if code in (10, 13):
                yield None
            elif code not in _LINE_END_HYPHEN and raw.FPDFText_GetLooseCharBox(text, at, place):
                yield Sign(_write(code), box.left, box.right, box.bottom, box.top)


def _write(code: int) -> str:
    """The sign; a half of a pair and a control are as unknown as no code at all."""
    is_unknown = code in _UNKNOWN or 0xD800 <= code < 0xE000 or code > 0x10FFFF or (code < 32 and code != 9)
    return "\ufffd" if is_unknown else chr(code)


def _is_picture(page: pdfium.PdfPage) -> bool:
    """Whether the page shows a picture, or letters as mere outlines."""
    kinds = [raw.FPDFPageObj_GetType(raw.FPDFPage_GetObject(page, at)) for at in range(_count_objects(page))]
    return raw.FPDF_PAGEOBJ_IMAGE in kinds or raw.FPDF_PAGEOBJ_FORM in kinds or len(kinds) > MAX_OUTLINES


def _count_objects(page: pdfium.PdfPage) -> int:
    return min(int(raw.FPDFPage_CountObjects(page)), 10 * MAX_OUTLINES)


def _refuse_unreadable(pages: list[Page], bare: list[int]) -> None:
    """A scan has pictures and hardly a sign; a font that does not say what its shapes mean gives signs of nothing."""
    text = "".join(line.text for page in pages for line in page.lines)
    if bare and len(bare) * 2 > len(pages):
        raise RefusedError("document.scanned", pages=len(pages))
    strange = sum(sign == "\ufffd" or "\ue000" <= sign < "\uf900" for sign in text)
    if strange * 5 > len(text):
        raise RefusedError("document.garbled")


def _tell_bare(bare: list[int]) -> tuple[Problem, ...]:
    """Single pages that are pictures: what stands on them is missing from the text, and a person must know."""
    named = "、".join(str(number) for number in bare[:20])
    return (make_problem("document.page-scanned", severity="warning", pages=named),) if bare else ()
