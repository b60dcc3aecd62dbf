"""A paper as JSON and back: what is kept of a draft and of an issued paper. Reading what was written gives it again."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, fields
from datetime import date
from types import MappingProxyType
from typing import Any

from wuzha.core.paper.model import (
    Block,
    Colophon,
    Figure,
    FigureSource,
    Grid,
    Heading,
    Marks,
    Merge,
    Paper,
    Paragraph,
    Picture,
    Span,
)

Json = dict[str, Any]
PARTS = ("blocks", "annex", "sources", "attachments", "colophon", "marks", "signed_on")


def write_paper(paper: Paper) -> Json:
    """The paper in lists, texts and numbers only."""
    plain = {one.name: getattr(paper, one.name) for one in fields(paper) if one.name not in PARTS}
    colophon = paper.colophon
    return plain | {
        "blocks": [_write_block(block) for block in paper.blocks],
        "annex": [_write_block(block) for block in paper.annex],
        "sources": [asdict(source) for source in paper.sources],
        "attachments": [*paper.attachments],
        "marks": asdict(paper.marks),
        "signed_on": _write_day(paper.signed_on),
        "colophon": asdict(colophon) | {"printed_on": _write_day(colophon.printed_on)} if colophon else None,
    }


def read_paper(told: Mapping[str, Any]) -> Paper:
    """The paper that :func:`write_paper` wrote."""
    colophon = told["colophon"]
    parts: Json = {
        "blocks": tuple(READERS[block["is"]](block) for block in told["blocks"]),
        # Papers of earlier days have neither.
        "marks": Marks(**told.get("marks", {})),
        "annex": tuple(READERS[block["is"]](block) for block in told.get("annex", ())),
        "sources": tuple(FigureSource(**source) for source in told["sources"]),
        "attachments": tuple(told["attachments"]),
        "signed_on": _read_day(told["signed_on"]),
        "colophon": Colophon(**colophon | {"printed_on": _read_day(colophon["printed_on"])}) if colophon else None,
    }
    return Paper(**{name: value for name, value in told.items() if name not in PARTS}, **parts)


def _write_day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _read_day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _write_block(block: Block) -> Json:
    match block:
        case Heading():
            return {"is": "heading", "level": block.level, "text": block.text, "run_on": _write_spans(block.run_on)}
        case Paragraph():
            return {"is": "paragraph", "spans": _write_spans(block.spans)}
        case Picture():
            return {"is": "picture", "evidence": block.evidence, "caption": block.caption, "width": block.width}
        case Grid():
            plain = {"widths_mm": [*block.widths_mm], "head_rows": block.head_rows, "caption": block.caption}
            merged = [asdict(merge) for merge in block.merged]
            return plain | {"is": "grid", "rows": [_write_spans(row) for row in block.rows], "merged": merged}


def _write_spans(spans: Iterable[Span]) -> list[Any]:
    """A text as a text, a figure as its name and its text."""
    return [[span.id, span.text] if isinstance(span, Figure) else span for span in spans]


def _read_spans(told: Iterable[Any]) -> tuple[Span, ...]:
    return tuple(one if isinstance(one, str) else Figure(*one) for one in told)


def _read_grid(told: Json) -> Grid:
    return Grid(
        rows=tuple(_read_spans(row) for row in told["rows"]),
        widths_mm=tuple(told["widths_mm"]),
        head_rows=told["head_rows"],
        merged=tuple(Merge(**merge) for merge in told["merged"]),
        caption=told["caption"],
    )


READERS: Mapping[str, Callable[[Json], Block]] = MappingProxyType(
    {
        "heading": lambda told: Heading(told["level"], told["text"], _read_spans(told["run_on"])),
        "paragraph": lambda told: Paragraph(_read_spans(told["spans"])),
        "picture": lambda told: Picture(told["evidence"], told["caption"], told.get("width", "wide")),
        "grid": _read_grid,
    }
)
