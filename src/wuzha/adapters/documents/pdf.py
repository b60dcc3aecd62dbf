"""PDF files with text: each sign with its place from PDFium, then lines, then paragraphs.

Only the text layer is read; scripts, forms, attachments and links in the file are never touched.
"""

import ctypes
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw

from wuzha.adapters.documents.model import MAX_CHARACTERS, Found, RefusedError
from wuzha.adapters.documents.pdf_lines import Page, Sign, gather_lines, write_text
from wuzha.adapters.documents.pdf_table import Rule, find_grids
from wuzha.core.base.problem import Problem, make_problem

MAX_PAGES = 500
"""A plan has ten; a collection of this many pages would be refused for its length all the same."""
SPARE_SIGNS = 20
"""A page with fewer signs than this shows at most its number."""
THIN = 3.0
"""Points: what is thinner is a line."""
MAX_OBJECTS = MAX_SEGMENTS = 20_000
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
            pages.append(Page(width, height, gather_lines(signs, number, find_grids(*_list_rules(page)))))
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


def _list_rules(page: pdfium.PdfPage) -> tuple[list[Rule], list[Rule]]:
    """The lines drawn on the page, upright and level: strokes, thin filled shapes, the edges of boxes."""
    upright: list[Rule] = []
    level: list[Rule] = []
    for left, bottom, right, top in _list_shapes(page):
        if right - left < THIN < top - bottom:
            upright.append(Rule(left, bottom, top))
        elif top - bottom < THIN < right - left:
            level.append(Rule(bottom, left, right))
        elif min(right - left, top - bottom) > THIN:
            upright += [Rule(left, bottom, top), Rule(right, bottom, top)]
            level += [Rule(bottom, left, right), Rule(top, left, right)]
    return upright, level


def _list_shapes(page: pdfium.PdfPage) -> Iterator[tuple[float, float, float, float]]:
    """Left, bottom, right and top of each drawn shape, the pieces of one path apart."""
    left = MAX_SEGMENTS
    for at in range(_count_objects(page)):
        shape = raw.FPDFPage_GetObject(page, at)
        if raw.FPDFPageObj_GetType(shape) == raw.FPDF_PAGEOBJ_PATH:
            count = min(raw.FPDFPath_CountSegments(shape), left)
            left -= count
            yield from _list_pieces(shape, count)


def _list_pieces(shape: Any, count: int) -> Iterator[tuple[float, float, float, float]]:
    matrix = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(shape, ctypes.byref(matrix))
    points: list[tuple[float, float]] = []
    for at in range(count):
        segment = raw.FPDFPath_GetPathSegment(shape, at)
        if raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_MOVETO and points:
            yield _bound(points)
            points = []
        points.append(_find_point(segment, matrix))
    if points:
        yield _bound(points)


def _find_point(segment: Any, matrix: Any) -> tuple[float, float]:
    across, height = ctypes.c_float(), ctypes.c_float()
    raw.FPDFPathSegment_GetPoint(segment, ctypes.byref(across), ctypes.byref(height))
    return (
        matrix.a * across.value + matrix.c * height.value + matrix.e,
        matrix.b * across.value + matrix.d * height.value + matrix.f,
    )


def _bound(points: list[tuple[float, float]]) -> tuple[float, float, float, float]:
    across, heights = zip(*points, strict=True)
    return min(across), min(heights), max(across), max(heights)


def _is_picture(page: pdfium.PdfPage) -> bool:
    """Whether the page shows a picture, or letters as mere outlines."""
    kinds = [raw.FPDFPageObj_GetType(raw.FPDFPage_GetObject(page, at)) for at in range(_count_objects(page))]
    return raw.FPDF_PAGEOBJ_IMAGE in kinds or raw.FPDF_PAGEOBJ_FORM in kinds or len(kinds) > MAX_OUTLINES


def _count_objects(page: pdfium.PdfPage) -> int:
    return min(int(raw.FPDFPage_CountObjects(page)), MAX_OBJECTS)


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
