"""``read_plan``: the text of a work plan to demands, phases and the fate of every sentence.

document → outline → sentences → clauses → findings → demands. All by rules; the phrases that the rules know are under
``phrases/``. What the words leave open (a year, a body, a window) is taken from headings and neighbours and said in
``Demand.inferred``.
"""

from dataclasses import replace

from wuzha.core.plan.outline import read_outline
from wuzha.core.plan.phrases.frame import read_frame
from wuzha.core.plan.phrases.vague import find_vague
from wuzha.core.plan.reader.context import Context, Draft, is_standard, list_notes
from wuzha.core.plan.reader.demand import make_vague
from wuzha.core.plan.reader.limit import take_limit
from wuzha.core.plan.reader.responsible import list_heads, note_responsible
from wuzha.core.plan.reader.sentence import read_sentence
from wuzha.core.plan.reader.validity import find_validity, list_problems
from wuzha.core.plan.reading import Reading, SentenceFate
from wuzha.core.plan.table import read_tables


def read_plan(text: str) -> Reading:
    """Read any text; what is no plan gives no demands and a problem that says so."""
    outline = read_outline(text)
    frame = read_frame(text, outline)
    notes = list_notes(outline)
    criteria = is_standard(text, frame, outline)
    context = Context(frame, outline, heads=list_heads(outline, notes), notes=notes, criteria=criteria)
    draft = Draft()
    context.cells = read_tables(text, outline)
    note_responsible(context)
    for at in range(len(outline.sentences)):
        _take_sentence(text, context, draft, at)
        take_limit(text, context, draft, at)
    valid, valid_inferred = find_validity(frame, draft.phases)
    return Reading(
        frame.title, frame.issuer, valid, tuple(draft.phases), tuple(draft.demands), tuple(draft.coverage),
        list_problems(frame, draft.demands), tuple(draft.vague), valid_inferred,
    )  # fmt: skip


def _take_sentence(text: str, context: Context, draft: Draft, at: int) -> None:
    sentence = context.outline.sentences[at]
    found, fate = read_sentence(text, context, at, draft.phases)
    if fate == "vague":
        open_ = [make_vague(text, context, sentence, place) for place in find_vague(sentence.folded)]
        found = [replace(demand, id=f"v{len(draft.vague) + place}") for place, demand in enumerate(open_, start=1)]
        draft.vague += found
    else:
        draft.demands += found
    clause = context.outline.blocks[sentence.block].clause
    ids = tuple([demand.id for demand in found]) if found else ()
    draft.coverage.append(SentenceFate(sentence.span, fate, clause, ids))
