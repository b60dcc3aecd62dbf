"""A measure in the invented county, from its facts to its paper, for the tests of supervision."""

import re
from datetime import date
from html import unescape
from typing import Any

from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags

from tests.web.cast import Cast
from tests.web.ledger import enter, issue_plan
from wuzha.web.campaign.models import DraftPaper, IssuedPaper, Measure, PlanVersion


def issue_long_plan(cast: Cast, more: str = "") -> PlanVersion:
    """A plan of last year and this, so that on any day there are months that were missed. The community did its own."""
    year = timezone.localdate().year
    plan = issue_plan(cast, year=year, first=year - 1, more=more)
    for month in range(1, 13):
        enter(cast.secretary, cast.community, date(year - 1, month, 9), people=40)
    return plan


def ask(plan: PlanVersion, unit: str = "SQ0101", step: str = "remind") -> str:
    return f"/supervision/give/?unit={unit}&plan={plan.pk}&step={step}"


def read_text(page: Any) -> str:
    """The words of a page without its tags."""
    return re.sub(r"\s+", " ", unescape(strip_tags(page.content.decode())))


def tick(page: Any, **typed: Any) -> dict[str, Any]:
    """What a browser would send from the page of a new measure as it is proposed."""
    form = page.context["form"]
    return {"step": form["step"].value(), "about": form["about"].value(), "reason": ""} | typed


def draft_measure(client: Client, plan: PlanVersion, unit: str = "SQ0101", **typed: Any) -> DraftPaper:
    address = ask(plan, unit, str(typed.get("step", "remind")))
    answer = client.post(address, tick(client.get(address), **typed))
    assert answer.status_code == 302, read_text(answer)
    return DraftPaper.objects.get(pk=answer.headers["Location"].split("/")[-2])


def issue(client: Client, draft: DraftPaper) -> IssuedPaper:
    answer = client.post(f"/papers/drafts/{draft.pk}/issue/", {"revision": draft.revision})
    assert answer.status_code == 302
    return IssuedPaper.objects.get(draft=draft.pk)


def give(client: Client, plan: PlanVersion, unit: str = "SQ0101", **typed: Any) -> Measure:
    return Measure.objects.get(paper=issue(client, draft_measure(client, plan, unit, **typed)))


def tell(client: Client, measure: Measure, kind: str, note: str = "见台账", **typed: Any) -> Any:
    """What the unit answers, or the office decides."""
    act = "answer" if kind in ("answered", "mended", "appealed") else "decide"
    return client.post(f"/papers/{measure.paper_id}/{act}/", {"kind": kind, "note": note} | typed)
