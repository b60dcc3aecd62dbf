"""An issued paper against what is known now: which figures came out otherwise. The paper itself never changes."""

from collections.abc import Mapping
from dataclasses import dataclass

from wuzha.core.paper.model import Paper, list_figures


@dataclass(frozen=True, slots=True)
class FigureChange:
    """One figure then and now. Empty ``before`` was not in the paper; empty ``after`` cannot be counted any more."""

    id: str
    definition: str
    filter: str
    before: str
    after: str
    address: str


def compare_figures(issued: Paper, now: Paper | None, readings: Mapping[str, str]) -> tuple[FigureChange, ...]:
    """The figures that differ, in the order of the issued paper; after them those that only stand in it now.

    ``readings`` are further figures that can be counted now though the paper of now does not print them: a duty that
    has been made good since is no longer named, and yet its figure has an answer. There is no paper of now at all where
    nothing is left to be told.
    """
    then, new = map_figures(issued), map_figures(now) if now else {}
    known = {**readings, **new}
    names = [*then, *(name for name in new if name not in then)]
    return tuple(
        _tell_change(issued, now, name, (then.get(name, ""), known.get(name, "")))
        for name in names
        if _plain(then.get(name, "")) != _plain(known.get(name, ""))
    )


def _plain(text: str) -> str:
    """1638 and 1,638 are one figure."""
    return text.replace(",", "")


def map_figures(paper: Paper) -> dict[str, str]:
    """The printed text of every figure by its name, in reading order."""
    return {figure.id: figure.text for figure in list_figures(paper)}


def _tell_change(issued: Paper, now: Paper | None, name: str, texts: tuple[str, str]) -> FigureChange:
    """Said and opened as the paper of now does; as the issued one where that has it no more."""
    source = (now.find_source(name) if now else None) or issued.find_source(name)
    told = (source.definition, source.filter) if source else ("", "")
    return FigureChange(name, *told, *texts, source.address if source else "")
