"""Tags of the review page: what a sentence became, the lines of the document, questions with their fields."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from django import template
from django.template.context import RequestContext
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, pgettext_lazy

from wuzha.adapters.wording.problem import describe_problem
from wuzha.core.base.problem import Problem
from wuzha.web.campaign import wording
from wuzha.web.campaign.layout import Block, Line, Piece, Sentence

register = template.Library()

FATE_MARKS: Mapping[str, Any] = MappingProxyType(
    {
        "duty": pgettext_lazy("fate", "D"),
        "target": pgettext_lazy("fate", "T"),
        "phase": pgettext_lazy("fate", "P"),
        "criterion": pgettext_lazy("fate", "C"),
        "consequence": pgettext_lazy("fate", "R"),
        "vague": pgettext_lazy("fate", "V"),
        "background": pgettext_lazy("fate", "B"),
        "heading": pgettext_lazy("fate", "H"),
    }
)
FATE_WORDS: Mapping[str, Any] = MappingProxyType(
    {
        "duty": pgettext_lazy("fate", "Duty"),
        "target": pgettext_lazy("fate", "Target"),
        "phase": pgettext_lazy("fate", "Phase"),
        "criterion": pgettext_lazy("fate", "Condition of a title"),
        "consequence": pgettext_lazy("fate", "Reward or penalty"),
        "vague": pgettext_lazy("fate", "Asks, but without a number"),
        "background": pgettext_lazy("fate", "Background"),
        "heading": pgettext_lazy("fate", "Heading"),
    }
)


@register.filter
def fate_mark(fate: str) -> str:
    """The sign of what a sentence became, beside its colour."""
    return str(FATE_MARKS.get(fate, ""))


@register.filter
def fate_word(fate: str) -> str:
    """What a sentence became."""
    return str(FATE_WORDS.get(fate, ""))


@register.filter
def question(problem: Problem) -> str:
    """What is asked of a person, as a sentence."""
    return describe_problem(problem, wording.language())


@register.simple_tag(takes_context=True)
def answer_fields(context: RequestContext, code: str) -> SafeString | str:
    """``{% answer_fields 'question.who' %}``: the fields that answer it, as the view made them for the whole page."""
    fields: Mapping[str, SafeString] = context["answers"]
    return fields.get(code, "")


@register.simple_tag
def paper(block: Block) -> SafeString:
    """``{% paper block %}``: a line or a table of the document. What a mark holds is sign for sign in the document.

    Written by hand, since a long document has thousands of stretches.
    """
    if not block.is_table:
        return format_html("<p>{}</p>", _render_line(block.line))
    rows = "".join(f"<tr>{''.join(f'<td>{_render_line(cell)}</td>' for cell in row)}</tr>" for row in block.rows)
    return mark_safe(f'<div class="paper-table" tabindex="0"><table>{rows}</table></div>')


def _render_line(line: Line) -> SafeString:
    return mark_safe("".join(part for sentence in line for part in _render_sentence(sentence)))


def _render_sentence(sentence: Sentence) -> Iterator[str]:
    pieces = "".join(_render_piece(piece) for piece in sentence.pieces)
    if not sentence.fate:
        yield f'<span class="sentence">{pieces}</span>'
        return
    mark = escape(fate_mark(sentence.fate))
    keys = " ".join(str(pk) for pk in sentence.duties)
    duties = f' data-duties="{keys}"' if keys else ""
    yield f'<span class="sentence fate-{escape(sentence.fate)}" data-mark="{mark}"{duties}>'
    if keys:
        yield _render_way(sentence.duties[0], mark)
    yield f"{pieces}</span>"


def _render_way(duty: int, mark: str) -> str:
    """The sign of the sentence is the way to its duty, with the keyboard and without a script too."""
    label = escape(gettext("To the duty read from this sentence"))
    return f'<a class="to-duty" href="?duty={duty}#duty-{duty}" data-mark="{mark}" aria-label="{label}"></a>'


def _render_piece(piece: Piece) -> str:
    if not piece.duties:
        return f'<span data-start="{piece.start}">{escape(piece.shown)}</span>'
    keys = " ".join(str(pk) for pk in piece.duties)
    return f'<mark id="at-{piece.start}" data-start="{piece.start}" data-duties="{keys}">{escape(piece.shown)}</mark>'
