"""Coming in by the central log-in of the place, where there is one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from wuzha.web.accounts.clock import TimedRequest
from wuzha.web.accounts.signin import actions, central
from wuzha.web.accounts.signin.address import read_address
from wuzha.web.accounts.signin.doors import Way, find_goal, let_in
from wuzha.web.accounts.signin.views.log_in import show_log_in_again

# What the audit log calls a try that came that way.
KEY = "central"


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def begin_central(request: TimedRequest) -> HttpResponse:
    """On to the central log-in, by a page of our own: a form of ours leads to no other site.

    Who comes here by a link or goes back to this address has pressed nothing, and is led to where the button is.
    """
    if request.method != "POST":
        return _lead_to_button(request)
    if not central.is_offered():
        raise Http404
    try:
        address = central.ask(request, find_goal(request, request.POST.get("next", "")))
    except central.CentralError as error:
        return _refuse(request, error.why)
    name = central.name_it()
    answer = render(request, "accounts/signin/central.html", {"address": address, "central": name, "no_as_of": True})
    answer.headers["Refresh"] = f"0; url={address}"
    return answer


def _lead_to_button(request: TimedRequest) -> HttpResponse:
    told = _("The central log-in begins with its button here. Press it once more.")
    messages.info(request, told if central.is_offered() else _("There is no central log-in here. Use your password."))
    return redirect("accounts:log-in")


@login_not_required
@never_cache
@require_GET
def end_central(request: TimedRequest) -> HttpResponse:
    """Back from there: in, if the answer is good and somebody here has created this person."""
    if not central.is_offered():
        raise Http404
    try:
        identity = central.read_answer(request)
    except central.CentralError as error:
        return _refuse(request, error.why)
    user = actions.link_person(identity=identity, now=request.now)
    if user is None:
        return _refuse(request, "unknown", identity.name)
    return let_in(request, user, Way.CENTRAL, identity.goal)


def _refuse(request: TimedRequest, why: str, name: str = "") -> HttpResponse:
    """Back at the log-in with a sentence. Who is unknown here and who is closed are told the same."""
    actions.note_failed_log_in(
        key=KEY, username=name, address=read_address(request), why=f"central-{why}", now=request.now
    )
    told = {
        "cancelled": _("You stopped the log-in over there. Nothing has happened."),
        "stale": _("That took too long, or was begun in another browser. Please begin once more."),
        "unknown": _(
            "Over there you are known, but here nobody has opened an account for you. Ask the officer of your unit."
        ),
    }
    return show_log_in_again(
        request,
        told.get(why)
        or _("%(central)s did not answer as it should. Try again in a while, or log in with your password.")
        % {"central": central.name_it()},
    )
