"""A paper as PDF in the layout of GB/T 9704-2012, set by typst in the fonts that the machine has.

The type that the standard names is not free. Where it is missing another stands in: that is told as a warning and
written into the file. A sign that no font has is an error, since it would be printed as an empty box.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

import typst

from wuzha.adapters.paper.fonts import StandIn, Type, choose_type, list_families
from wuzha.adapters.paper.layout import Page, find_page
from wuzha.adapters.paper.pdf_content import list_content, list_texts
from wuzha.adapters.paper.picture import Print, prepare_prints
from wuzha.core.base.problem import Problem, has_errors, make_problem
from wuzha.core.paper.model import Paper

NO_PICTURES: Mapping[str, bytes] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class PdfPaper:
    """``content`` is None where one of the problems is an error. The stand-ins are among the problems, as warnings."""

    content: bytes | None
    stand_ins: tuple[StandIn, ...]
    problems: tuple[Problem, ...]


def render_pdf(
    paper: Paper, pictures: Mapping[str, bytes] = NO_PICTURES, families: tuple[str, ...] | None = None
) -> PdfPaper:
    """The paper as PDF/A-2b (as plain PDF where it has no day, which PDF/A asks for).

    ``pictures`` holds the photos that the paper names, by their hashes; ``families`` the fonts that may be used, by
    default all of the machine.
    """
    page = find_page(paper)
    prints, problems = prepare_prints(paper, pictures, page.area_mm)
    if has_errors(problems):
        return PdfPaper(None, (), problems)
    kind, lacking = choose_type(list_families() if families is None else families, list_texts(paper))
    problems = (*problems, *lacking)
    if kind is None or has_errors(problems):
        return PdfPaper(None, (), problems)
    content, refusals = _set(paper, page, prints, kind)
    return PdfPaper(content, kind.stand_ins, (*problems, *map(_warn, kind.stand_ins), *refusals))


def describe_stand_ins(stand_ins: tuple[StandIn, ...]) -> str:
    """What the file says of its own type, in its description."""
    return "；".join(_say_stand_in(stand_in) for stand_in in stand_ins)


def _say_stand_in(stand_in: StandIn) -> str:
    signs = f"“{stand_in.signs}”" if stand_in.signs else ""
    return f"{stand_in.wanted}{signs}由 {stand_in.used} 代替"


def _warn(stand_in: StandIn) -> Problem:
    if stand_in.signs:
        return make_problem(
            "paper.sign-borrowed",
            severity="warning",
            wanted=stand_in.wanted,
            used=stand_in.used,
            signs=stand_in.signs,
        )
    return make_problem("paper.font-stands-in", severity="warning", wanted=stand_in.wanted, used=stand_in.used)


def _set(paper: Paper, page: Page, prints: Mapping[str, Print], kind: Type) -> tuple[bytes | None, tuple[Problem, ...]]:
    """typst reads its pictures from a folder, which is gone afterwards; what the paper says goes in as data."""
    values = {
        **list_content(paper, page, prints),
        "fonts": {role: list(names) for role, names in kind.families.items()},
        "description": describe_stand_ins(kind.stand_ins),
    }
    with TemporaryDirectory(prefix="wuzha-paper-") as folder:
        root = Path(folder)
        for name, made in prints.items():
            (root / f"{name}.jpg").write_bytes(made.content)
        source = root / "paper.typ"
        source.write_bytes(files("wuzha.adapters.paper").joinpath("paper.typ").read_bytes())
        try:
            return _compile(source, json.dumps(values), paper), ()
        except typst.TypstError as error:
            return None, (make_problem("paper.not-set", reason=error.message),)


def _compile(source: Path, values: str, paper: Paper) -> bytes:
    """The same paper gives the same bytes: the instant in the file is the start of the paper's day."""
    day = paper.signed_on
    instant = int(datetime.combine(day, time(), UTC).timestamp()) if day else 0
    compiler = typst.Compiler(source, root=source.parent, sys_inputs={"paper": values})
    made = compiler.compile(format="pdf", pdf_standards=["a-2b"] if day else [], timestamp=instant)
    if not isinstance(made, bytes):  # a list is what pictures of pages come in
        raise TypeError(type(made))
    return made
