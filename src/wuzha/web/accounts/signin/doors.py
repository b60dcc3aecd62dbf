"""From a right password, passkey or answer of the central log-in to a session: the second step, if there is one."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from wuzha.web.accounts.access import list_posts
from wuzha.web.accounts.clock import TimedRequest
from wuzha.web.accounts.models import User
from wuzha.web.accounts.signin import actions, pending
from wuzha.web.accounts.signin.devices import remember_device
from wuzha.web.accounts.signin.factors import list_factors
from wuzha.web.accounts.signin.models import SignIn

Way = SignIn.Way


def find_goal(request: HttpRequest, told: str) -> str:
    """Where the person wanted to go, if that is a page of this site; else nothing."""
    is_ours = url_has_allowed_host_and_scheme(told, {request.get_host()}, require_https=request.is_secure())
    return told if is_ours else ""


def needs_factor(user: User, request: TimedRequest) -> bool:
    """Whether one of the person's posts is among those for which the settings demand a second factor."""
    demanded = set(settings.SECOND_FACTOR_FOR)
    return bool(demanded) and any(post.role in demanded for post in list_posts(user, request.today))


def let_in(request: TimedRequest, user: User, way: str, told_goal: str) -> HttpResponse:
    """The person has shown that they are who they say, by one way: on to the second step, or in."""
    goal = find_goal(request, told_goal)
    if way != Way.PASSKEY and list_factors(user).are_set_up:
        # A key planted beforehand must not know of the second step either.
        request.session.cycle_key()
        pending.hold(request.session, user, way, goal, request.now)
        return redirect("accounts:log-in-second")
    return finish(request, user, way, goal)


def finish(request: TimedRequest, user: User, way: str, goal: str) -> HttpResponse:
    """In. Who needs a second factor and has none is led to where one is set up, and nowhere else."""
    must_enrol = way != Way.PASSKEY and not list_factors(user).are_set_up and needs_factor(user, request)
    pending.drop(request.session)
    actions.begin_session(request=request, user=user, way=way, must_enrol=must_enrol)
    answer = redirect("accounts:security" if must_enrol else goal or resolve_url(settings.LOGIN_REDIRECT_URL))
    remember_device(request, answer, user.username)
    return answer
