"""The page of how one logs in: password, second step, devices; and what can be done there."""

import base64
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn.internal import auth as webauthn
from django.contrib import messages
from django.contrib.auth import views as auth
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wuzha.web.accounts.access import UserRequest
from wuzha.web.accounts.models import User
from wuzha.web.accounts.signin import actions, queries
from wuzha.web.accounts.signin.doors import needs_factor
from wuzha.web.accounts.signin.factors import find_counter, list_factors, make_secret
from wuzha.web.accounts.signin.forms import AppForm, ChangePasswordForm, PasskeyForm
from wuzha.web.accounts.signin.patience import Counter, begin_attempt, forget_attempt
from wuzha.web.accounts.signin.proof import list_proof_counters, step_up_required
from wuzha.web.accounts.signin.seal import SealError, open_secret, seal_secret
from wuzha.web.accounts.signin.sessions import read_mark
from wuzha.web.accounts.signin.waiting import describe_wait

SECRET = "signin-app-secret"


class ChangePassword(auth.PasswordChangeView):
    """The person's own new password. It ends the log-ins of every other device.

    The old one is a proof like any other: wrong ones are counted with those of the step-up, slowed and written down.
    """

    request: UserRequest
    # Of its own it takes PUT as it takes POST.
    http_method_names = ("get", "post", "head")
    template_name = "accounts/change_password.html"
    form_class = ChangePasswordForm
    extra_context = {"no_as_of": True}  # noqa: RUF012 - Django reads this name from the class

    counters: Sequence[Counter] = ()
    rows: Sequence[int] = ()
    until: datetime | None = None

    def post(self, request: HttpRequest, *args: Any, **values: Any) -> HttpResponse:
        self.counters = list_proof_counters(self.request)
        self.rows, self.until = begin_attempt(self.counters, self.request.now)
        return super().post(request, *args, **values)

    def get_form_kwargs(self) -> dict[str, Any]:
        wait = describe_wait(self.until, self.request.now) if self.until else ""
        return super().get_form_kwargs() | {"wait": wait}

    def form_invalid(self, form: PasswordChangeForm) -> HttpResponse:
        if isinstance(form, ChangePasswordForm) and form.has_wrong_password:
            actions.note_failed_proof(user=self.request.user, way="password", now=self.request.now)
        elif not self.until:  # the old one was right, or the field was empty
            forget_attempt(self.rows, (), self.request.now)
        return super().form_invalid(form)

    def form_valid(self, form: "SetPasswordForm[User]") -> HttpResponse:
        forget_attempt(self.rows, self.counters, self.request.now)
        actions.change_password(request=self.request, password=form.cleaned_data["new_password1"])
        messages.success(self.request, _("The password has been changed. Other devices have to log in again."))
        return redirect("accounts:me")


@never_cache
@require_GET
def show_security(request: UserRequest) -> HttpResponse:
    """What stands between the account and others: the second step, and where one is signed in."""
    mark = read_mark(request.session)
    factors = list_factors(request.user)
    place: dict[str, Any] = {
        "factors": factors,
        "devices": queries.list_devices(request.user, request.now),
        "here": mark.sign_in if mark else 0,
        "must_enrol": mark is not None and mark.must_enrol,
        "is_demanded": needs_factor(request.user, request),
        "has_password": request.user.has_usable_password(),
        "no_as_of": True,
    }
    return render(request, "accounts/signin/security.html", place)


@step_up_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def set_up_app(request: UserRequest) -> HttpResponse:
    """The picture to scan, and the code that shows that the app has it. The secret is kept once it does."""
    if list_factors(request.user).app is not None:
        return redirect("accounts:security")
    secret = _find_secret(request)
    form = AppForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        counter = find_counter(secret, form.cleaned_data["code"], request.now)
        if counter is not None:
            del request.session[SECRET]
            return _show_codes(request, actions.add_app(request=request, secret=secret, counter=counter))
        form.add_error("code", _("That is not the code of now. Look again; the phone's clock must be right."))
    place = {"form": form, "picture": _draw(request.user, secret), "secret": _space(secret), "no_as_of": True}
    return render(request, "accounts/signin/app.html", place, status=422 if form.errors else 200)


def _find_secret(request: UserRequest) -> str:
    """The secret of this set-up, kept sealed until the app has shown that it has it."""
    with suppress(SealError, KeyError):
        return open_secret(request.session[SECRET])
    secret = str(make_secret())
    request.session[SECRET] = seal_secret(secret)
    return secret


def _draw(user: User, secret: str) -> str:
    """The picture as data within the page: it never has an address of its own."""
    adapter = get_adapter()
    svg = adapter.build_totp_svg(adapter.build_totp_url(user, secret))
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def _space(secret: str) -> str:
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def _show_codes(request: UserRequest, codes: tuple[str, ...]) -> HttpResponse:
    """The recovery codes, this once. Without new ones, back to the page of how one logs in."""
    if not codes:
        messages.success(request, _("The second step is set up."))
        return redirect("accounts:security")
    return render(request, "accounts/signin/codes.html", {"codes": codes, "no_as_of": True})


@step_up_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add_passkey(request: UserRequest) -> HttpResponse:
    """A name for the device, and the passkey that it makes."""
    form = PasskeyForm(request.POST or None, initial={"name": _("This device")})
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        if _is_made_here(told["credential"]):
            codes = actions.add_passkey(request=request, name=told["name"], credential=told["credential"])
            return _show_codes(request, codes)
        form.add_error(None, _("The passkey was not accepted. Press the button once more."))
    place = {"form": form, "no_as_of": True}
    return render(request, "accounts/signin/passkey.html", place, status=422 if form.errors else 200)


def _is_made_here(credential: Any) -> bool:
    """Whether it answers what this session asked for, on a page of this site, and the device asked its person."""
    try:
        webauthn.parse_registration_response(credential)
        return bool(webauthn.complete_registration(credential).is_user_verified())
    except (ValidationError, ValueError, TypeError, KeyError, AttributeError):
        return False
    finally:
        webauthn.clear_state()


@step_up_required
@never_cache
@require_POST
def give_passkey_options(request: UserRequest) -> HttpResponse:
    """What a device needs to make a passkey."""
    return JsonResponse(webauthn.begin_registration(request.user, passwordless=True))


@never_cache
@require_POST
def give_proof_options(request: UserRequest) -> HttpResponse:
    """What a passkey of this person has to sign to show once more who they are."""
    return JsonResponse(webauthn.begin_authentication(request.user))


@step_up_required
@require_POST
def remove_factor(request: UserRequest, number: int) -> HttpResponse:
    """Takes the app or a passkey away. The last one of a person who needs one stays."""
    own = queries.list_removable(request.user)
    row = get_object_or_404(own, pk=number)
    if own.count() == 1 and needs_factor(request.user, request):
        messages.error(request, _("Your post needs a second step. Set up another one before you take this one away."))
        return redirect("accounts:security")
    actions.remove_factor(user=request.user, row=row, now=request.now)
    messages.success(request, _("It has been taken away."))
    return redirect("accounts:security")


@step_up_required
@never_cache
@require_POST
def renew_codes(request: UserRequest) -> HttpResponse:
    """New recovery codes, shown this once."""
    if not list_factors(request.user).are_set_up:
        raise PermissionDenied
    return _show_codes(request, actions.renew_codes(user=request.user, now=request.now))


@require_POST
def end_session(request: UserRequest, number: int) -> HttpResponse:
    """Signs one device of the person out."""
    row = get_object_or_404(queries.list_devices(request.user, request.now), pk=number)
    mark = read_mark(request.session)
    if mark is not None and mark.sign_in == row.pk:
        actions.end_own_session(request=request)
        return redirect("accounts:log-in")
    actions.end_session(actor=request.user, row=row, now=request.now)
    messages.success(request, _("That device has been signed out."))
    return redirect("accounts:security")


@require_POST
def end_other_sessions(request: UserRequest) -> HttpResponse:
    """Signs the person out on every other device."""
    but = request.session.session_key
    actions.end_sessions(actor=request.user, user=request.user, now=request.now, but=but)
    messages.success(request, _("You are signed in on this device alone now."))
    return redirect("accounts:security")
