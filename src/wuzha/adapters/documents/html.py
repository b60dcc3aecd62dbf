"""Web pages (.html, also as a browser or Word saved them): the words as the page shows them, line by line.

Left out: scripts, styles, navigation, forms, hidden parts. Nothing is fetched and no entity of the file's own is known.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from lxml import etree

from wuzha.adapters.documents.model import MAX_COLUMNS, STOP_CHARACTERS, Found, RefusedError
from wuzha.adapters.documents.numeral import write_numeral
from wuzha.adapters.documents.package import COSTLY
from wuzha.adapters.documents.txt import decode

LONG_CELL = 1500
"""A cell with more than this holds the page itself: tables once made the frames of web pages."""
MAX_ROWS_COVERED = 1000

_SKIPPED = frozenset(
    {
        *("head", "script", "style", "nav", "template", "noscript", "svg", "math", "iframe", "object", "embed"),
        *("select", "button", "textarea", "input", "audio", "video", "canvas", "map", "dialog", "datalist", "rt", "rp"),
    }
)
_BLOCKS = frozenset(
    {
        *("address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dir", "div", "dl", "dt"),
        *("fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr"),
        *("html", "legend", "li", "main", "menu", "ol", "p", "pre", "section", "summary", "ul", "caption", "table"),
    }
)
_MARKS: Mapping[str, str] = MappingProxyType(
    {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
)
_LIST_STYLES: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(
            ("cjk-ideographic", "simp-chinese-informal", "trad-chinese-informal"), "chineseCountingThousand"
        ),
        **{"lower-alpha": "lowerLetter", "lower-latin": "lowerLetter", "upper-alpha": "upperLetter"},
        **{"upper-latin": "upperLetter", "lower-roman": "lowerRoman", "upper-roman": "upperRoman"},
        **{"cjk-heavenly-stem": "ideographTraditional", "cjk-earthly-branch": "ideographZodiac"},
    }
)
_LIST_STYLE = re.compile(r"list-style(?:-type)?\s*:\s*([a-z-]{1,30})")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all")
_CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{2,20})|<\?xml[^>]{0,80}encoding=[\"']([\w-]{2,20})"
)
_BLANK = re.compile(r"[ \t\r\n\f\v]+")
_SAME = re.compile(r"(?<=[\u2e80-\u9fff\uff00-\uffef\u3000-\u303f])\n(?=[\u2e80-\u9fff\uff00-\uffef\u3000-\u303f])")
_CHINESE = frozenset({"gb2312", "gbk", "gb18030", "x-gbk", "gb_2312-80", "hz-gb-2312"})


@dataclass(slots=True)
class _Lines:
    """The lines so far; the last is being written."""

    done: list[str] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    size: int = 0

    def add(self, text: str) -> None:
        self.size += len(text)
        if self.size > STOP_CHARACTERS:
            raise RefusedError("document.too-long", size=self.size, limit=STOP_CHARACTERS)
        self.pieces.append(text)

    def end(self, *, even_empty: bool = False) -> None:
        """Ends the line; one without words only where the page breaks it on purpose."""
        line = _BLANK.sub(" ", "".join(self.pieces)).strip()
        self.pieces.clear()
        if line or even_empty:
            self.done.append(line)


def read(content: bytes) -> Found:
    return Found("html", "\n".join(_list_lines(_parse(_decode(content)))))


def _decode(content: bytes) -> str:
    """By its mark, else by what it says of itself where that holds, else as any text."""
    told = _CHARSET.search(content[:4096])
    name = (told[1] or told[2]).decode("ascii").lower() if told else ""
    if content.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")) or name not in _CHINESE | {"utf-8", "utf8"}:
        return decode(content)
    return decode(content, told="gb18030" if name in _CHINESE else "utf-8")


def _parse(text: str) -> Any:
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise RefusedError("document.broken") from error
    if any(entry.type in COSTLY for entry in parser.error_log):
        raise RefusedError("document.too-costly")  # the parser stopped in the middle and told nobody else
    if root is None:
        raise RefusedError("document.empty")
    return root


def _list_lines(root: Any) -> list[str]:
    lines = _Lines()
    _visit(root, lines)
    lines.end()
    return lines.done


def _visit(element: Any, lines: _Lines) -> None:
    """What the element holds; what follows it belongs to its parent."""
    name = element.tag
    if not isinstance(name, str) or name in _SKIPPED or _is_hidden(element):
        return
    if (special := _SPECIAL.get(name)) is not None:
        special(element, lines)
    elif name in _BLOCKS:
        lines.end()
        _visit_content(element, lines)
        lines.end()
    else:
        _visit_content(element, lines)


def _visit_content(element: Any, lines: _Lines) -> None:
    lines.add(_join_broken(element.text))
    for child in element:
        _visit(child, lines)
        lines.add(_join_broken(child.tail))


def _join_broken(text: str | None) -> str:
    """A line that the file breaks between two Chinese signs is not broken on the page, and has no blank there."""
    return _SAME.sub("", text.replace("\r\n", "\n")) if text else ""


def _is_hidden(element: Any) -> bool:
    """Also the headers and footers that a word processor saved as parts of the page, by the names it gives them."""
    if element.get("hidden") is not None or (element.tag == "div" and element.get("title") in ("header", "footer")):
        return True
    return bool(_HIDDEN.search(element.get("style", "").lower()))


def _break_line(_: Any, lines: _Lines) -> None:
    lines.end(even_empty=True)


def _keep_lines(element: Any, lines: _Lines) -> None:
    """``pre``: its lines are lines."""
    lines.end()
    for line in "".join(element.itertext()).splitlines():
        lines.add(line)
        lines.end()


def _visit_list(element: Any, lines: _Lines) -> None:
    """The items with the numbers that the page shows."""
    lines.end()
    style = _find_list_style(element)
    number = _read_count(element.get("start"), 1)
    for item in element:
        if item.tag != "li":
            _visit(item, lines)
        elif not _is_hidden(item):
            number = _read_count(item.get("value"), number)
            lines.add(_write_number(number, style))
            _visit_content(item, lines)
            lines.end()
            number += 1


def _find_list_style(element: Any) -> str:
    told = _LIST_STYLE.search(element.get("style", "").lower())
    if told:
        return "none" if told[1] == "none" else _LIST_STYLES.get(told[1], "decimal")
    return _MARKS.get(element.get("type", ""), "decimal")


def _write_number(number: int, style: str) -> str:
    if style == "none":
        return ""
    written = write_numeral(number, style)
    return f"{written}、" if style.startswith(("chinese", "ideograph")) else f"{written}. "


def _read_count(text: str | None, default: int, limit: int = 32_767) -> int:
    try:
        return max(-limit, min(int((text or "")[:12]), limit))
    except ValueError:
        return default


def _visit_table(table: Any, lines: _Lines) -> None:
    """Each row is one line, its cells apart by tabs, the lines of a cell by ``\\v``; a frame is just its lines."""
    lines.end()
    covered: dict[int, int] = {}
    for row in _list_rows(table):
        if isinstance(row.tag, str) and row.tag == "caption":
            _visit(row, lines)
            continue
        cells = [cell for cell in row if cell.tag in ("td", "th") and not _is_hidden(cell)]
        written = [_list_cell(cell, lines) for cell in cells]
        if (len(cells) == 1 and not covered) or any(sum(map(len, item)) > LONG_CELL for item in written):
            covered.clear()
            lines.done += [line for item in written for line in item]
        elif any(places := _place_cells(cells, written, covered)):
            lines.done.append("\t".join(places))


def _list_rows(table: Any) -> Iterator[Any]:
    for child in table:
        if child.tag in ("tr", "caption"):
            yield child
        elif child.tag in ("thead", "tbody", "tfoot"):
            yield from (row for row in child if row.tag == "tr")


def _list_cell(cell: Any, lines: _Lines) -> list[str]:
    inner = _Lines(size=lines.size)
    _visit_content(cell, inner)
    inner.end()
    lines.size = inner.size
    return [line for line in inner.done if line]


def _place_cells(cells: list[Any], written: list[list[str]], covered: dict[int, int]) -> list[str]:
    """The row's places: a cell that reaches down or to the right leaves its other places empty."""
    places: list[str] = []
    for cell, item in zip(cells, written, strict=True):
        _skip_covered(places, covered)
        width = min(_read_count(cell.get("colspan"), 1, MAX_COLUMNS), max(MAX_COLUMNS - len(places), 1))
        down = _read_count(cell.get("rowspan"), 1, MAX_ROWS_COVERED) - 1
        if down > 0 and len(places) < MAX_COLUMNS:
            covered.update(dict.fromkeys(range(len(places), len(places) + max(width, 1)), down + 1))
        places += ["\v".join(line.replace("\t", " ") for line in item), *[""] * (width - 1)]
    _skip_covered(places, covered)
    for at in [at for at, rows in covered.items() if rows <= 1]:
        del covered[at]
    covered.update({at: rows - 1 for at, rows in covered.items()})
    return places


def _skip_covered(places: list[str], covered: Mapping[int, int]) -> None:
    while len(places) in covered:
        places.append("")


_SPECIAL: Mapping[str, Callable[[Any, _Lines], None]] = MappingProxyType(
    {"br": _break_line, "pre": _keep_lines, "ol": _visit_list, "table": _visit_table}
)
