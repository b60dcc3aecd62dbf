"""Proof once more: whoever takes personal data out, or changes how they log in, shows again who they are.

``@step_up_required`` stands above a view. Where the last proof is too old, it answers with a page that asks for the
password, a code of the app or a passkey, at the same address: what was typed waits in that page, nothing of it in the
session, and there is no address to be led to that somebody else could have chosen.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from types import MappingProxyType
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuzha.web.accounts.access import UserRequest
from wuzha.web.accounts.forms import PlainForm
from wuzha.web.accounts.later import LaterRequest
from wuzha.web.accounts.refusal import refuse, wants_page
from wuzha.web.accounts.signin import actions
from wuzha.web.accounts.signin.factors import list_factors, take_app_code, take_passkey
from wuzha.web.accounts.signin.patience import Counter, begin_attempt, forget_attempt, make_key
from wuzha.web.accounts.signin.sessions import read_mark, to_epoch
from wuzha.web.accounts.signin.waiting import describe_wait

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
# What the page of the proof sends beside what was typed before; no view gets to see it.
PREFIX = "proof"
GIVEN = f"{PREFIX}-given"
BACK = f"{PREFIX}-back"
# For a part that a script has asked for: the page of the proof stands in place of what the person was looking at.
IN_PLACE = MappingProxyType({"HX-Retarget": "#content", "HX-Reselect": "#content", "HX-Reswap": "outerHTML"})


class ProofForm(PlainForm):
    """Any one of the three will do; a person sees those that they have."""

    password = forms.CharField(
        label=gettext_lazy("Password"),
        required=False,
        strip=False,
        max_length=128,
        widget=forms.PasswordInput({"autocomplete": "current-password", "class": "form-control"}),
    )
    code = forms.CharField(
        label=gettext_lazy("Six digits of the app"),
        required=False,
        max_length=12,
        widget=forms.TextInput({"autocomplete": "one-time-code", "inputmode": "numeric", "class": "form-control"}),
    )
    credential = forms.JSONField(required=False, widget=forms.HiddenInput)


@dataclass(frozen=True, slots=True)
class Given:
    """What was tried: ``way`` is password, code, passkey or nothing at all."""

    way: str
    is_right: bool


def is_proved(request: UserRequest) -> bool:
    """Whether the person has proved who they are no longer ago than the settings allow."""
    mark = read_mark(request.session)
    return mark is not None and 0 <= to_epoch(request.now) - mark.proved < settings.STEP_UP_S


def step_up_required(view: View) -> View:
    """The decorator. It stands outermost, above what says which methods a view has."""

    @wraps(view)
    def guarded(request: UserRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        refusal = demand_proof(request)
        return refusal if refusal is not None else view(request, *args, **kwargs)

    return cast(View, guarded)


def demand_proof(request: UserRequest) -> HttpResponseBase | None:
    """None where the view may go on; else the answer to give in its place.

    For views that only sometimes give personal data away, such as a page with a table that can be taken as a file.
    """
    if isinstance(request, LaterRequest):
        request.wants_proof = True
        return None
    is_given = request.method == "POST" and GIVEN in request.POST
    if not is_given:
        return None if is_proved(request) else _ask(request, ProofForm(prefix=PREFIX))
    was = request.POST[GIVEN]
    form = ProofForm(request.POST, prefix=PREFIX)
    # Who presses twice has proved it the first time; a code is taken once only.
    if not is_proved(request) and not (form.is_valid() and _take(request, form)):
        return _ask(request, form, was=was)
    if was == "GET":
        return _go_on(request)
    _put_back(request)
    return None


def list_proof_counters(request: UserRequest) -> list[Counter]:
    """What counts the wrong proofs of this session, wherever in it the password or a code is asked for."""
    mark = read_mark(request.session)
    return [Counter(make_key("proof", request.user.pk, mark.sign_in if mark else ""))]


def _take(request: UserRequest, form: ProofForm) -> bool:
    counters = list_proof_counters(request)
    rows, until = begin_attempt(counters, request.now)
    if until is not None:
        form.add_error(None, describe_wait(until, request.now))
        return False
    given = _look(request.user, form.cleaned_data, request.now)
    if given.is_right:
        forget_attempt(rows, counters, request.now)
        actions.note_proof(request=request, way=given.way)
        return True
    form.add_error(None, _tell_wrong(given))
    actions.note_failed_proof(user=request.user, way=given.way, now=request.now)
    return False


def _look(user: Any, told: dict[str, Any], now: datetime) -> Given:
    if told["credential"]:
        return Given("passkey", take_passkey(user, told["credential"], now) is not None)
    if told["code"]:
        return Given("code", take_app_code(user, told["code"], now))
    return Given("password" if told["password"] else "nothing", user.check_password(told["password"]))


def _tell_wrong(given: Given) -> str:
    return {
        "passkey": _("The passkey was not accepted. Try once more, or use another way."),
        "code": _("That code does not fit, or was used already. Wait for the next one and type it."),
        "password": _("The password is wrong. Capital letters count."),
    }.get(given.way, _("Give one of these, so that we know it is you."))


def _ask(request: UserRequest, form: ProofForm, was: str = "") -> HttpResponseBase:
    """The page of the proof. A program, or a script of the phone, is told in a sentence."""
    if not wants_page(request) and "HX-Request" not in request.headers:
        return refuse(403, _("Prove once more that it is you: open the page in the browser."), confirm=True)
    factors = list_factors(request.user)
    place = {
        "form": form,
        "was": was or request.method,
        "typed": _list_typed(request),
        "back": _find_back(request),
        "has_password": request.user.has_usable_password(),
        "has_app": factors.app is not None,
        "has_passkey": bool(factors.passkeys),
        "no_as_of": True,
    }
    answer = render(request, "accounts/signin/proof.html", place, status=422 if form.is_bound else 200)
    answer.headers["Cache-Control"] = "no-store"
    for name, value in IN_PLACE.items():
        answer.headers[name] = value
    return answer


def _list_typed(request: UserRequest) -> list[tuple[str, str]]:
    """What was typed before the proof was asked for, field by field."""
    left_out = ("csrfmiddlewaretoken",)
    return [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in left_out and not name.startswith(f"{PREFIX}-")
    ]


def _find_back(request: UserRequest) -> str:
    """The page of this site on which the person was."""
    told = request.POST.get(BACK, "") if GIVEN in request.POST else request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(told, {request.get_host()}, require_https=request.is_secure()):
        return ""
    return urlsplit(told)._replace(scheme="", netloc="", fragment="").geturl()


def _go_on(request: UserRequest) -> HttpResponse:
    """What was asked for before comes by itself: a page takes the place of this one, a file is saved beside it."""
    place = {"address": request.get_full_path(), "back": _find_back(request), "no_as_of": True}
    answer = render(request, "accounts/signin/proof_given.html", place)
    answer.headers["Refresh"] = f"0; url={request.build_absolute_uri(request.get_full_path())}"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _put_back(request: UserRequest) -> None:
    """The view gets what was typed, as if it had been sent after the proof."""
    typed = request.POST.copy()
    for name in [name for name in typed if name.startswith(f"{PREFIX}-")]:
        del typed[name]
    request._post = typed  # type: ignore[attr-defined]  # where the property that reads a form keeps what it read
