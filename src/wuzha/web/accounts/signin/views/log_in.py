"""Coming in: name and password, the second step, a passkey; and going out."""

from typing import Any

from allauth.mfa.webauthn.internal import auth as webauthn
from django.conf import settings
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from wuzha.web.accounts.clock import TimedRequest
from wuzha.web.accounts.models import User
from wuzha.web.accounts.signin import actions, central, pending
from wuzha.web.accounts.signin.address import read_address
from wuzha.web.accounts.signin.doors import Way, finish, let_in
from wuzha.web.accounts.signin.factors import list_factors, take_app_code, take_passkey, take_recovery_code
from wuzha.web.accounts.signin.forms import LogInForm, SecondForm
from wuzha.web.accounts.signin.guard import list_counters, list_place_counters, list_second_counters
from wuzha.web.accounts.signin.patience import begin_attempt, forget_attempt
from wuzha.web.accounts.signin.waiting import describe_wait


class LogIn(auth.LoginView):
    """Name and password. A try is counted before it is looked at."""

    request: TimedRequest
    template_name = "accounts/log_in.html"
    authentication_form = LogInForm
    redirect_authenticated_user = True
    extra_context = {"no_as_of": True}  # noqa: RUF012 - Django reads this name from the class

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.counters = list_counters(request, request.POST.get("username", ""))
        self.rows, self.until = begin_attempt(self.counters, self.request.now)
        return super().post(request, *args, **kwargs)

    def get_context_data(self, **told: Any) -> dict[str, Any]:
        return super().get_context_data(**told) | {"central": central.name_it()}

    def get_form_kwargs(self) -> dict[str, Any]:
        until = getattr(self, "until", None)
        return super().get_form_kwargs() | {"wait": describe_wait(until, self.request.now) if until else ""}

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        forget_attempt(self.rows, self.counters, self.request.now)
        user = form.get_user()
        assert isinstance(user, User)
        return let_in(
            self.request, user, Way.PASSWORD, self.request.POST.get("next") or self.request.GET.get("next", "")
        )

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        if isinstance(form, LogInForm) and (form.has_wrong_password or form.wait):
            _note_failure(self.request, self.counters[0].key, form.cleaned_data.get("username", ""), bool(form.wait))
        elif not self.until:  # nothing was tried: a field was empty
            forget_attempt(self.rows, (), self.request.now)
        return super().form_invalid(form)


def _note_failure(request: TimedRequest, key: str, username: str, is_early: bool) -> None:
    why = "waits" if is_early else "wrong"
    actions.note_failed_log_in(key=key, username=username, address=read_address(request), why=why, now=request.now)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show_second(request: TimedRequest) -> HttpResponse:
    """The second step. Without a first one, back to the beginning."""
    found = pending.find_pending(request.session, request.now)
    if found is None:
        return redirect("accounts:log-in")
    half, user = found
    form = SecondForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _take_second(request, user, form):
        return finish(request, user, half.way, half.goal)
    factors = list_factors(user)
    place = {"form": form, "has_app": factors.app is not None, "has_passkey": bool(factors.passkeys), "no_as_of": True}
    return render(request, "accounts/signin/second.html", place, status=422 if form.errors else 200)


def _take_second(request: TimedRequest, user: User, form: SecondForm) -> bool:
    counters = list_second_counters(request, user)
    rows, until = begin_attempt(counters, request.now)
    if until is not None:
        form.add_error(None, describe_wait(until, request.now))
        return False
    if _is_right(request, user, form.cleaned_data):
        forget_attempt(rows, counters, request.now)
        return True
    way = "passkey" if form.cleaned_data["credential"] else "code"
    actions.note_failed_proof(user=user, way=way, now=request.now)
    form.add_error(None, _tell_wrong(way))
    return False


def _is_right(request: TimedRequest, user: User, told: dict[str, Any]) -> bool:
    if told["credential"]:
        return take_passkey(user, told["credential"], request.now) is not None
    if take_app_code(user, told["code"], request.now):
        return True
    if not take_recovery_code(user, told["code"], request.now):
        return False
    actions.note_code_used(user=user, left=list_factors(user).codes_left, now=request.now)
    return True


def _tell_wrong(way: str) -> str:
    if way == "passkey":
        return _("The passkey was not accepted. Try once more, or use another way.")
    return _("That code does not fit, or was used already. Wait for the next one and type it.")


@login_not_required
@never_cache
@require_POST
def give_options(request: TimedRequest) -> HttpResponse:
    """What a passkey has to sign: of the person whose log-in is half done, or of whoever holds one for this site."""
    found = pending.find_pending(request.session, request.now)
    return JsonResponse(webauthn.begin_authentication(found[1] if found else None))


@login_not_required
@never_cache
@require_POST
def log_in_by_passkey(request: TimedRequest) -> HttpResponse:
    """In by a passkey alone: it is both, something one has and something one knows or is."""
    counters = list_place_counters(request)
    rows, until = begin_attempt(counters, request.now)
    form = SecondForm(request.POST)
    said = form.cleaned_data["credential"] if form.is_valid() else None
    user = take_passkey(None, said, request.now) if until is None else None
    if user is not None:
        forget_attempt(rows, (), request.now)
        return finish_passkey(request, user)
    key, why = counters[0].key, "waits" if until else "wrong"
    actions.note_failed_log_in(key=key, username="", address=read_address(request), why=why, now=request.now)
    tell = describe_wait(until, request.now) if until else _tell_wrong("passkey")
    return show_log_in_again(request, tell)


def finish_passkey(request: TimedRequest, user: User) -> HttpResponse:
    return let_in(request, user, Way.PASSKEY, request.POST.get("next", ""))


def show_log_in_again(request: TimedRequest, sentence: str) -> HttpResponse:
    """The page of the log-in, with what went wrong on another way in."""
    form = LogInForm(request)
    goal = request.POST.get("next", "")
    place = {"form": form, "sentence": sentence, "next": goal, "central": central.name_it()}
    return render(request, "accounts/log_in.html", place | {"no_as_of": True}, status=422)


@never_cache
@require_POST
def log_out(request: TimedRequest) -> HttpResponseBase:
    """Out, on this device."""
    actions.end_own_session(request=request)
    return redirect(settings.LOGOUT_REDIRECT_URL)
