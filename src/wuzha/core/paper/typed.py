"""Numbers in what a person typed: which of them are figures of the paper still, and which nobody has counted.

A number that was changed by hand is no figure any more. It stays, since a person answers for it, and is told as a
doubt with its place.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from wuzha.core.base.numerals import fold
from wuzha.core.base.problem import Problem, Source, make_problem
from wuzha.core.paper.model import Figure, Grid, Paper, Paragraph, Span, join_spans

_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
# What nobody counts: days, times of the day, ordinals, numbers of documents, numbers to call, and parts of names.
_NO_COUNT = re.compile(
    r"\d+ ?年(?!级)|\d+ ?月|\d+ ?[日号]|\d{1,2} ?[点时](?:\d{1,2}分)?|\d{1,2}:\d{2}|第 ?\d+|〔\d+〕|\(\d{1,2}\)|^\d{1,2}[.、]"
    r"|(?<!\d)(?:96110|12381|12321|12337|12345|110)(?!\d)|[A-Za-z]+\d+|\d+[A-Za-z]+"
)
# Numbers in Chinese signs from ten on, before something that is counted: 三百余人, not 三个方面.
_WRITTEN = re.compile(
    r"[一二三四五六七八九两〇零]*[十百千万亿][一二三四五六七八九十百千万亿〇零]*[余多]?(?=[人名位场次份户条起件张家个所万元])"
)


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


def list_doubtful_numbers(paper: Paper, fields: Mapping[str, Iterable[str]]) -> tuple[Problem, ...]:
    """A warning for each number in the typed paragraphs that no figure of the paper says with that unit of measure.

    ``fields`` are the paragraphs by the field that they were typed into; the warning names field, line and number.
    """
    measured, bare = _list_known(paper)
    return tuple(
        make_problem("briefing.number-unknown", Source(key=field, line=number), severity="warning", number=words)
        for field, lines in fields.items()
        for number, line in enumerate(lines, start=1)
        for words, unit in _list_numbers(line)
        if (_plain(words), unit) not in measured and _plain(words) not in bare
    )


def _list_known(paper: Paper) -> tuple[set[tuple[str, str]], set[str]]:
    """The figures with what follows them, and those of tables, of which the head says what they measure."""
    measured, bare = set(), set()
    for block in paper.blocks:
        if isinstance(block, Paragraph):
            measured |= {(_plain(figure.text), unit) for figure, unit in _list_measured(block.spans)}
        if isinstance(block, Grid):
            bare |= {_plain(span.text) for row in block.rows for span in row if isinstance(span, Figure)}
    return measured, bare


def _list_measured(spans: tuple[Span, ...]) -> Iterator[tuple[Figure, str]]:
    for place, span in enumerate(spans):
        if isinstance(span, Figure):
            yield span, _find_unit(join_spans(spans[place + 1 :]))


def _list_numbers(line: str) -> Iterator[tuple[str, str]]:
    """The numbers of the line that somebody must have counted, each with the sign that follows it."""
    folded = fold(line)
    free = [match.span() for match in _NO_COUNT.finditer(folded)]
    for match in _NUMBER.finditer(folded):
        if not any(start <= match.start() < end for start, end in free):
            yield match[0], _find_unit(line[match.end() :])
    for match in _WRITTEN.finditer(line):
        yield match[0], _find_unit(line[match.end() :])


def _find_unit(rest: str) -> str:
    """The sign that says what the number before it measures."""
    return rest.lstrip()[:1]


def _plain(words: str) -> str:
    return words.replace(",", "")
