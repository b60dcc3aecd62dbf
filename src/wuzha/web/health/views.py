"""Answers to machines: authorise, call once, answer. None of them asks for a log-in, and none tells a stranger more
than whether the site is well."""

from types import MappingProxyType

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from wuzha.web.accounts.clock import TimedRequest
from wuzha.web.health.access import may_read_details, may_read_metrics
from wuzha.web.health.metrics import MEDIA_TYPE, write_metrics
from wuzha.web.health.state import read_state

NO_STORE = MappingProxyType({"Cache-Control": "no-store"})


@login_not_required
@require_safe
def tell_live(request: TimedRequest) -> HttpResponse:
    """Does the process answer? Nothing else is asked: a process without its database is not mended by a new one."""
    return JsonResponse({"ok": True}, headers=NO_STORE)


@login_not_required
@require_safe
def tell_ready(request: TimedRequest) -> HttpResponse:
    """May visitors be sent here? 200 or 503; which part is not well is told to the machine itself and to the key."""
    state = read_state()
    told: dict[str, object] = {"ok": all(state.values())}
    if may_read_details(request):
        told["parts"] = state
    return JsonResponse(told, status=200 if told["ok"] else 503, headers=NO_STORE)


@login_not_required
@require_safe
def tell_metrics(request: TimedRequest) -> HttpResponse:
    """404 for whoever may not read them, as if there were none."""
    if not may_read_metrics(request):
        raise Http404
    return HttpResponse(write_metrics(request.now), content_type=MEDIA_TYPE, headers=NO_STORE)
