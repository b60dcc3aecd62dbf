"""The pages of people and units: authorise, parse, call once, answer."""

from django.contrib.auth import views as auth
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils import timezone

from wuzha.web.accounts import queries
from wuzha.web.accounts.access import UserRequest, find_home, get_unit, list_posts, list_visible_units, may_import_roster
from wuzha.web.accounts.context import read_as_of
from wuzha.web.accounts.forms import LogInForm, SearchForm

PAGE = 100


class LogIn(auth.LoginView):
    template_name = "accounts/log_in.html"
    authentication_form = LogInForm
    redirect_authenticated_user = True


class LogOut(auth.LogoutView):
    pass


class ChangePassword(auth.PasswordChangeView):
    template_name = "accounts/change_password.html"
    success_url = reverse_lazy("accounts:me")


def show_me(request: UserRequest) -> HttpResponse:
    """Who am I here, and since when."""
    today = timezone.localdate()
    posts = list_posts(request.user, today)
    return render(request, "accounts/me.html", {"posts": posts, "may_import": may_import_roster(request.user, today)})


def list_units(request: UserRequest) -> HttpResponse:
    """Looks up units by name or code; without words, begins at the person's own unit."""
    today, as_of = timezone.localdate(), read_as_of(request)
    form = SearchForm(request.GET)
    words = form.cleaned_data["words"] if form.is_valid() else ""
    home = find_home(request.user, today)
    if not words and home is not None:
        return show_unit(request, home.code)
    units = list_visible_units(request.user, today)
    found = queries.search_units(units, words) if words else units.none()
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    place = {"as_of": as_of, "page": page, "words": words, "may_import": may_import_roster(request.user, today)}
    return render(request, "accounts/units.html", place)


def show_unit(request: UserRequest, code: str) -> HttpResponse:
    """One unit, what is known about it as of the day, and the units directly below."""
    today, as_of = timezone.localdate(), read_as_of(request)
    unit = get_unit(request.user, code, today)
    children = queries.list_children(list_visible_units(request.user, today), unit, as_of)
    place = {
        "as_of": as_of,
        "unit": unit,
        "attributes": queries.list_attributes_in_force(unit, as_of),
        "page": Paginator(children, PAGE).get_page(request.GET.get("page")),
        "may_import": may_import_roster(request.user, today),
    }
    return render(request, "accounts/unit.html", place)


def answer_bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400 with the sentence of the refusal, so that an address typed wrongly explains itself."""
    return render(request, "400.html", {"sentence": str(exception)}, status=400)
