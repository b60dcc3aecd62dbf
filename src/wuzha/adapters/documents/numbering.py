"""Automatic numbering of Word files: the 一、（一）1. that no text holds, as the page shows them.

Source of the rules: ECMA-376 part 1, 17.9. Paragraphs count in the abstract list that their list instance belongs to;
a list instance with a start of its own counts from there when it is first used; a number ends the count of the levels
below it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from wuzha.adapters.documents.numeral import write_numeral
from wuzha.adapters.documents.ooxml import W, get_value, is_on, read_number

MAX_LABEL = 40
MAX_LEVEL = 8
MAX_HOPS = 30
"""Styles stand on styles; a chain longer than this goes in a circle."""

_PLACE = re.compile(r"%([1-9])")
_CLOSES_ITSELF = "、，。．：；）】》〉」』　"


@dataclass(frozen=True, slots=True)
class Level:
    """How one level counts. ``restart`` is the level (from 1) whose numbers begin it anew, 0 for none, None for any."""

    start: int = 1
    style: str = "decimal"
    text: str = ""
    restart: int | None = None
    is_plain: bool = False
    paragraph_style: str = ""


@dataclass(frozen=True, slots=True)
class List:
    """A list instance: its abstract list, its levels, and where levels start when it is first used."""

    abstract: str
    levels: Mapping[int, Level]
    starts: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Style:
    based_on: str = ""
    list_id: str = ""
    level: int | None = None


@dataclass(slots=True)
class Numbering:
    """The lists of a document and how far each has counted; asked once for every paragraph, in their order."""

    lists: Mapping[str, List]
    styles: Mapping[str, Style]
    plain_style: str = ""
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _begun: set[str] = field(default_factory=set)

    def name_paragraph(self, paragraph: Any) -> str:
        """The number of the paragraph as text to stand before its words; empty if it has none."""
        list_id, level = self._find_place(paragraph)
        found = self.lists.get(list_id)
        if found is None or level not in found.levels:
            return ""
        counts = self._count(list_id, found, level)
        label = _write_label(found, level, counts)
        return label if not label or label[-1] in _CLOSES_ITSELF else f"{label} "

    def _find_place(self, paragraph: Any) -> tuple[str, int]:
        """The list and level: of the paragraph itself, else of its style or of one that this stands on."""
        style = get_value(paragraph, "pPr/pStyle") or self.plain_style
        list_id = get_value(paragraph, "pPr/numPr/numId")
        level = get_value(paragraph, "pPr/numPr/ilvl")
        told = read_number(level, 0) if level else None
        if list_id:
            return list_id, told or 0
        list_id, by_style = self._follow_styles(style)
        return list_id, by_style if told is None else told

    def _follow_styles(self, name: str) -> tuple[str, int]:
        for _ in range(MAX_HOPS):
            style = self.styles.get(name)
            if style is None:
                break
            if style.list_id:
                return style.list_id, style.level if style.level is not None else self._find_level(style.list_id, name)
            name = style.based_on
        return "", 0

    def _find_level(self, list_id: str, style: str) -> int:
        """A style says its list; which level it is, the list says."""
        found = self.lists.get(list_id)
        levels = found.levels if found else {}
        return next((at for at, level in levels.items() if level.paragraph_style == style), 0)

    def _count(self, list_id: str, found: List, level: int) -> Mapping[int, int]:
        counts = self._counts.setdefault(found.abstract, {})
        if list_id not in self._begun:
            self._begun.add(list_id)
            counts.update({at: start - 1 for at, start in found.starts.items()})
        counts[level] = counts.get(level, found.levels[level].start - 1) + 1
        for below in [at for at in counts if at > level and _is_ended(found.levels.get(at), level)]:
            del counts[below]
        return counts


def _is_ended(below: Level | None, level: int) -> bool:
    restart = below.restart if below else None
    return restart is None or level < restart


def _write_label(found: List, level: int, counts: Mapping[int, int]) -> str:
    told = found.levels[level]
    if told.style == "bullet":
        return ""

    def write(match: re.Match[str]) -> str:
        at = int(match[1]) - 1
        named = found.levels.get(at, Level())
        style = "decimal" if told.is_plain else named.style
        return "" if style == "none" else write_numeral(counts.get(at, named.start), style)

    return _PLACE.sub(write, told.text).strip()[:MAX_LABEL]


def read_numbering(numbering: Any, styles: Any) -> Numbering:
    """The lists and styles of a document; either part may be missing."""
    known = dict(_list_styles(styles))
    abstracts = dict(_list_abstracts(numbering))
    lists = dict(_list_lists(numbering, {name: levels for name, (levels, _) in abstracts.items()}))
    links = {name: link for name, (_, link) in abstracts.items() if link}
    linked = {name: _follow_link(found, links, known, lists) for name, found in lists.items()}
    return Numbering(linked, known, _find_plain_style(styles))


def _follow_link(found: List, links: Mapping[str, str], styles: Mapping[str, Style], lists: Mapping[str, List]) -> List:
    """An abstract list may only name the list style that holds its levels."""
    style = styles.get(links.get(found.abstract, ""), Style())
    return replace(lists[style.list_id], starts=found.starts) if style.list_id in lists else found


def _list_styles(styles: Any) -> Iterator[tuple[str, Style]]:
    for style in () if styles is None else styles.iterfind(f"{W}style"):
        level = get_value(style, "pPr/numPr/ilvl")
        yield (
            style.get(f"{W}styleId", ""),
            Style(
                get_value(style, "basedOn"),
                get_value(style, "pPr/numPr/numId"),
                read_number(level, 0) if level else None,
            ),
        )


def _find_plain_style(styles: Any) -> str:
    """The style of paragraphs that name none."""
    for style in () if styles is None else styles.iterfind(f"{W}style"):
        if style.get(f"{W}default") in ("1", "true", "on") and style.get(f"{W}type") == "paragraph":
            return str(style.get(f"{W}styleId", ""))
    return ""


def _list_abstracts(numbering: Any) -> Iterator[tuple[str, tuple[Mapping[int, Level], str]]]:
    for abstract in () if numbering is None else numbering.iterfind(f"{W}abstractNum"):
        yield (
            abstract.get(f"{W}abstractNumId", ""),
            (dict(_list_levels(abstract)), get_value(abstract, "numStyleLink")),
        )


def _list_levels(element: Any) -> Iterator[tuple[int, Level]]:
    for level in element.iterfind(f"{W}lvl"):
        at = read_number(level.get(f"{W}ilvl", ""), -1)
        if 0 <= at <= MAX_LEVEL:
            yield at, _read_level(level)


def _read_level(level: Any) -> Level:
    formats = list(level.iter(f"{W}numFmt"))
    restart = get_value(level, "lvlRestart")
    return Level(
        start=read_number(get_value(level, "start"), 1),
        style=str(formats[0].get(f"{W}val", "decimal")) if formats else "decimal",
        text=get_value(level, "lvlText")[: 3 * MAX_LABEL],
        restart=read_number(restart, 0) if restart else None,
        is_plain=is_on(level, "isLgl"),
        paragraph_style=get_value(level, "pStyle"),
    )


def _list_lists(numbering: Any, abstracts: Mapping[str, Mapping[int, Level]]) -> Iterator[tuple[str, List]]:
    for item in () if numbering is None else numbering.iterfind(f"{W}num"):
        abstract = get_value(item, "abstractNumId")
        levels, starts = dict(abstracts.get(abstract, {})), {}
        for override in item.iterfind(f"{W}lvlOverride"):
            at = read_number(override.get(f"{W}ilvl", ""), -1)
            if not 0 <= at <= MAX_LEVEL:
                continue
            levels.update(_list_levels(override))
            if start := get_value(override, "startOverride"):
                starts[at] = read_number(start, 1)
        yield item.get(f"{W}numId", ""), List(abstract, levels, starts)
