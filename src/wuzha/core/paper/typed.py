"""What a person typed over a proposed text: which of its numbers are figures of the paper still.

A number that was changed by hand is no figure any more. It stays as it was typed, since a person answers for it.
"""

import re
from collections.abc import Iterable, Iterator

from wuzha.core.paper.model import Figure, Paragraph, Span, join_spans

_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


def link_figures(text: str, proposed: Iterable[Paragraph]) -> tuple[Span, ...]:
    """The text with its numbers as figures again, where number and unit of measure are those of just one figure.

    ``proposed`` are the paragraphs that the person began with. A figure is printed as it is elsewhere in the paper,
    with or without commas as it may have been typed.
    """
    known: dict[tuple[str, str], dict[str, str]] = {}
    for paragraph in proposed:
        for figure, unit in _list_measured(paragraph.spans):
            known.setdefault((_plain(figure.text), unit), {})[figure.id] = figure.text
    spans: list[Span] = []
    end = 0
    for found in _NUMBER.finditer(text):
        figures = known.get((_plain(found[0]), _find_unit(text[found.end() :])), {})
        if len(figures) == 1:
            spans += [text[end : found.start()], *(Figure(name, printed) for name, printed in figures.items())]
            end = found.end()
    return tuple(span for span in (*spans, text[end:]) if span)


def _plain(number: str) -> str:
    return number.replace(",", "")


def _list_measured(spans: tuple[Span, ...]) -> Iterator[tuple[Figure, str]]:
    for place, span in enumerate(spans):
        if isinstance(span, Figure):
            yield span, _find_unit(join_spans(spans[place + 1 :]))


def _find_unit(rest: str) -> str:
    """The sign that says what the number before it measures."""
    return rest.lstrip()[:1]
