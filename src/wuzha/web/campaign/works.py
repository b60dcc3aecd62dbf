"""What a worker does for the people of the campaign room, each time as a named person and only if they may now."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils import timezone

from wuzha.web.campaign import access
from wuzha.web.campaign.actions.monthly import Looked, issue_table
from wuzha.web.campaign.actions.papers import ChangedError, UnfitError
from wuzha.web.campaign.models import IssuedPaper
from wuzha.web.campaign.queries import table_calls as queries
from wuzha.web.campaign.queries.papers import Days
from wuzha.web.campaign.writers.monthly import freeze_links, make_drawn, make_render
from wuzha.web.jobs.worker import Order, RefusedError


def issue_monthly_table(order: Order) -> Mapping[str, Any]:
    """Freezes the table with its number and its files; done again it leads to the paper that is there.

    Raises ``Http404`` and ``PermissionDenied`` for whoever may not issue it any more.
    """
    today = timezone.localdate(order.now)
    if not order.actor.is_active:
        raise RefusedError("job.forbidden")
    call, _post = access.get_called_office(order.actor, order.asked["call"], today)
    before = queries.find_issued(call)
    if before is not None:
        return _lead_to(before)
    collection = queries.open_collection(call, call.unit, today, is_final=True)
    question = collection.table.question
    if today < question.month.interval.last_day:
        raise RefusedError("table.not-over")
    collection = freeze_links(collection, order.now)
    drawn = make_drawn(collection, Days(question.day, today))
    looked = Looked(collection.last_act, collection.last_sheet)
    try:
        issued = issue_table(
            actor=order.actor, call=call, drawn=drawn, looked=looked, render=make_render(collection), now=order.now
        )
    except UnfitError:
        raise RefusedError("table.unfit") from None
    except ChangedError:
        raise RefusedError("table.changed") from None
    return _lead_to(issued)


def _lead_to(paper: IssuedPaper) -> Mapping[str, Any]:
    return {"address": reverse("campaign:paper", args=(paper.pk,)), "number": paper.number}
