"""Word files (.docx, .docm): the words as the page shows them. Nothing in the file is ever run or fetched.

Left out: headers and footers, comments, deleted and hidden text, bullets, pictures. A footnote or endnote follows its
paragraph as a line of its own, ［注1］…; the sentence itself bears no mark, because one in the middle of 每月不少于2次
would part what the reader has to see together, and would stand in every quote.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from wuzha.adapters.documents.model import MAX_COLUMNS, STOP_CHARACTERS, Found, RefusedError
from wuzha.adapters.documents.numbering import Numbering, read_numbering
from wuzha.adapters.documents.ooxml import (
    W,
    choose_alternative,
    get_value,
    is_on,
    list_children,
    name_tag,
    read_number,
)
from wuzha.adapters.documents.package import Package, open_package

NOTES = ("footnotes", "endnotes")
_SIGNS: Mapping[str, str] = MappingProxyType({"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"})
_DRAWINGS = ("drawing", "pict", "object")
_PRIVATE = range(0xE000, 0xF900)


@dataclass(slots=True)
class _Story:
    """What is known while the text is gathered: the lists, the notes not yet told, how much text there is."""

    numbering: Numbering
    notes: dict[tuple[str, str], Any]
    told: int = 0
    size: int = 0

    def weigh(self, text: str) -> str:
        """Stops as soon as there is far more text than would be taken."""
        self.size += len(text)
        if self.size > STOP_CHARACTERS:
            raise RefusedError("document.too-long", size=self.size, limit=STOP_CHARACTERS)
        return text


@dataclass(slots=True)
class _Words:
    """The words of one paragraph, and the lines that follow it: of its text boxes, of its notes."""

    pieces: list[str] = field(default_factory=list)
    below: list[str] = field(default_factory=list)
    fields: list[bool] = field(default_factory=list)
    """For each field that is open: whether its result has begun."""


def read(content: bytes) -> Found:
    package = open_package(content)
    main = next((part for kind, part in package.list_related("") if kind == "officeDocument"), "word/document.xml")
    root = package.parse(main)
    body = None if root is None else root.find(f"{W}body")
    if body is None:
        raise RefusedError("document.broken")
    story = _open_story(package, main)
    return Found("docx", "\n".join(_list_lines(body, story)))


def _open_story(package: Package, main: str) -> _Story:
    related = {kind: part for kind, part in package.list_related(main) if part in package.parts}
    numbering, styles = (package.parse(related.get(kind, "")) for kind in ("numbering", "styles"))
    notes = {
        (kind, note.get(f"{W}id", "")): note
        for kind in NOTES
        for note in _list_notes(package.parse(related.get(kind, "")))
    }
    return _Story(read_numbering(numbering, styles), notes)


def _list_notes(root: Any) -> Iterator[Any]:
    """The notes that people wrote; the lines that part notes from text have a type."""
    for note in () if root is None else root:
        if note.get(f"{W}type", "normal") == "normal":
            yield note


def _list_lines(container: Any, story: _Story) -> list[str]:
    """Paragraphs and rows in the order in which they stand."""
    lines: list[str] = []
    carried = ""
    for name, item in list_children(container):
        if name == "tbl":
            lines += _list_rows(item, story)
        elif name == "p":
            first, *rest = _list_paragraph(item, story)
            if is_on(item, "pPr/rPr/del"):  # the end of the paragraph is deleted: its words belong to the next
                carried += first
                continue
            lines += [carried + first, *rest]
            carried = ""
    return [*lines, carried] if carried else lines


def _list_paragraph(paragraph: Any, story: _Story) -> list[str]:
    """The line with its number, then the lines of its text boxes and notes. Breaks in it make further lines."""
    words = _Words()
    _gather(paragraph, words, story)
    text = story.weigh("".join(words.pieces))
    if text.strip():
        text = story.numbering.name_paragraph(paragraph) + text
    return [*text.split("\n"), *words.below]


def _gather(element: Any, words: _Words, story: _Story) -> None:
    for name, item in list_children(element):
        if name == "r":
            if not is_on(item, "rPr/vanish"):
                _gather(item, words, story)
        elif name == "fldChar":
            _follow_field(item, words)
        elif name in _DRAWINGS or name.endswith("noteReference"):
            words.below += _list_attached(name, item, story)
        elif all(words.fields):
            words.pieces.append(_write(name, item))


def _list_attached(name: str, item: Any, story: _Story) -> list[str]:
    if name in _DRAWINGS:
        return [line for box in _list_boxes(item) for line in _list_box(box, story)]
    return _list_note(name, item, story)


def _write(name: str, item: Any) -> str:
    if name == "t":
        return (item.text or "").replace("\r", "").replace("\n", " ")
    if name == "sym":
        code = int(item.get(f"{W}char", "0")[:6] or "0", 16)
        return "" if code in _PRIVATE or code < 32 or code > 0xFFFD else chr(code)
    return _SIGNS.get(name, "")


def _follow_field(item: Any, words: _Words) -> None:
    """Between begin and separate stands what the field is told to do, then its result."""
    step = item.get(f"{W}fldCharType")
    if step == "begin":
        words.fields.append(False)
    elif step == "separate" and words.fields:
        words.fields[-1] = True
    elif step == "end" and words.fields:
        words.fields.pop()


def _list_boxes(element: Any) -> Iterator[Any]:
    """The text boxes and lettered shapes of a drawing, each once."""
    for child in element:
        name = name_tag(child)
        if name in ("txbxContent", "textpath"):
            yield child
        elif name == "AlternateContent":
            chosen = choose_alternative(child)
            yield from () if chosen is None else _list_boxes(chosen)
        elif name:
            yield from _list_boxes(child)


def _list_box(box: Any, story: _Story) -> list[str]:
    if name_tag(box) == "textpath":
        return [story.weigh(" ".join(box.get("string", "").split()))]
    return [line for line in _list_lines(box, story) if line.strip()]


def _list_note(name: str, item: Any, story: _Story) -> list[str]:
    """The note's own lines, at the first place that names it; a note told once is not told again."""
    note = story.notes.pop((name.removesuffix("Reference") + "s", item.get(f"{W}id", "")), None)
    lines = [] if note is None else [line.strip() for line in _list_lines(note, story) if line.strip()]
    if not lines:
        return []
    story.told += 1
    return [f"［注{story.told}］{lines[0]}", *lines[1:]]


def _list_rows(table: Any, story: _Story) -> list[str]:
    """Each row is one line, its cells apart by tabs; a row of one cell is a frame around its lines."""
    rows = (row for name, row in list_children(table) if name == "tr" and not is_on(row, "trPr/del"))
    return [line for row in rows for line in _list_row(row, story)]


def _list_row(row: Any, story: _Story) -> list[str]:
    cells = [cell for name, cell in list_children(row) if name == "tc"]
    if len(cells) == 1:
        return [] if _is_continued(cells[0]) else _list_lines(cells[0], story)
    places = [""] * _count_skipped(row)
    for cell in cells:
        places.append("" if _is_continued(cell) else _write_cell(_list_lines(cell, story)))
        places += [""] * min(read_number(get_value(cell, "tcPr/gridSpan"), 1) - 1, MAX_COLUMNS - len(places))
    return ["\t".join(places)] if any(places) else []


def _count_skipped(row: Any) -> int:
    return max(0, min(read_number(get_value(row, "trPr/gridBefore"), 0), MAX_COLUMNS))


def _is_continued(cell: Any) -> bool:
    """Whether the cell only goes on with the one above or beside it."""
    return any(
        cell.find(f"{W}tcPr/{W}{merge}") is not None and get_value(cell, f"tcPr/{merge}", "continue") == "continue"
        for merge in ("vMerge", "hMerge")
    )


def _write_cell(lines: list[str]) -> str:
    """The lines of a cell in its place of the row: a tab would begin another place."""
    written = (" ".join(line.split("\t")).strip() for line in lines)
    return "\v".join(line for line in written if line)
