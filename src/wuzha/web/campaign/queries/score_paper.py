"""The scores of a card for its paper. Reads only."""

from datetime import date

from django.urls import reverse
from django.utils.http import urlencode

from wuzha.core.paper.score_paper import ScoredUnit, ScoreFacts
from wuzha.web.campaign.models import Scorecard
from wuzha.web.campaign.queries.papers import Days
from wuzha.web.campaign.queries.scores import Asked, build_scores, find_filing, list_events


def gather_score_facts(card_pk: int, days: Days, today: date) -> ScoreFacts | None:
    """The scores of the units right below the card's body; none where nobody is scored on that day."""
    row = Scorecard.objects.select_related("unit", "plan__unit").filter(pk=card_pk).first()
    if row is None:
        return None
    known = days.known_by if days.known_by < today else None
    asked = Asked(row, days.as_of, known)
    events = list_events(asked)
    scores = build_scores(asked, row.unit.code, events)
    if scores is None or not scores.children:
        return None
    units = tuple(ScoredUnit(one.unit.code, one.unit.name, one.score) for one in scores.children)

    def link(code: str, item: str) -> str:
        args = (row.pk, code, item) if item else (row.pk, code)
        query = {"as_of": days.as_of.isoformat()} | ({"known": known.isoformat()} if known else {})
        return f"{reverse('campaign:score-item' if item else 'campaign:score-unit', args=args)}?{urlencode(query)}"

    return ScoreFacts(scores.card, units, days.as_of, days.known_by, find_filing(row, events), link)
