"""What a person typed over a proposed text: which of its numbers are figures of the paper still.

A number that was changed by hand is no figure any more. It stays as it was typed, since a person answers for it.
"""

import re
from collections.abc import Iterable, Iterator

from wuzha.core.paper.model import Figure, Paragraph, Span, join_spans

_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


def link_figures(text: str, proposed: Iterable[Paragraph]) -> tuple[Span, ...]:
    """The text with its numbers as figures again, where number and unit of measure are those of just one figure.

    ``proposed`` are the paragraphs that the person began with.
    """
    known: dict[tuple[str, str], set[str]] = {}
    for paragraph in proposed:
        for figure, unit in _list_measured(paragraph.spans):
            known.setdefault((figure.text, unit), set()).add(figure.id)
    spans: list[Span] = []
    end = 0
    for found in _NUMBER.finditer(text):
        names = known.get((found[0], _find_unit(text[found.end() :])), set())
        if len(names) == 1:
            spans += [text[end : found.start()], Figure(next(iter(names)), found[0])]
            end = found.end()
    return tuple(span for span in (*spans, text[end:]) if span)


def _list_measured(spans: tuple[Span, ...]) -> Iterator[tuple[Figure, str]]:
    for place, span in enumerate(spans):
        if isinstance(span, Figure):
            yield span, _find_unit(join_spans(spans[place + 1 :]))


def _find_unit(rest: str) -> str:
    """The sign that says what the number before it measures."""
    return rest.lstrip()[:1]
