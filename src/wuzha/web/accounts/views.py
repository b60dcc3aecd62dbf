"""The pages of people and units: authorise, parse, call once, answer."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wuzha.adapters.spreadsheets import MEGABYTE, read_roster, write_roster_template
from wuzha.core.base.problem import has_errors
from wuzha.web.accounts import actions, coming, queries, staff_actions, unit_tables
from wuzha.web.accounts.access import (
    UserRequest,
    find_home,
    get_changing_unit,
    get_staffed_unit,
    get_unit,
    list_areas,
    list_changing_units,
    list_visible_units,
    may_appoint,
    may_change_unit,
    may_give,
    may_import_roster,
    may_look,
)
from wuzha.web.accounts.context import read_as_of
from wuzha.web.accounts.forms import (
    AppointForm,
    RosterForm,
    SearchForm,
    TokenForm,
    UndatedForm,
)
from wuzha.web.accounts.models import RosterUpload, Unit
from wuzha.web.accounts.roles import Power
from wuzha.web.accounts.signin.proof import demand_proof
from wuzha.web.accounts.staff_views import get_held_post, list_within
from wuzha.web.accounts.tables import show_page
from wuzha.web.accounts.tree_forms import FORMS, WithdrawChangeForm

PAGE = 100
# What can be entered about a unit, each with its word.
OFFERED = (
    ("move", gettext_lazy("Move")),
    ("rename", gettext_lazy("Rename")),
    ("recast", gettext_lazy("Change kind or line")),
    ("merge", gettext_lazy("Merge")),
    ("split", gettext_lazy("Divide")),
    ("close", gettext_lazy("Close the unit")),
)
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
def show_me(request: UserRequest) -> HttpResponse:
    """Who am I here, and since when."""
    today = request.today
    posts = request.user.posts_held
    may = {
        "may_import": may_import_roster(request.user, today),
        "may_look": list_areas(request.user, today, Power.LOOK),
    }
    place = {"posts": posts, "no_as_of": True, **may}
    return render(request, "accounts/me.html", place)


@require_GET
def list_units(request: UserRequest) -> HttpResponse:
    """Looks up units by name or code; without words, begins at the person's own unit."""
    today, as_of = request.today, read_as_of(request)
    form = SearchForm(request.GET)
    words = form.cleaned_data["words"] if form.is_valid() else ""
    home = find_home(request.user, today)
    if not words and home is not None:
        return _render_unit(request, home.code)
    # Whoever looks after one line has no unit of their own to begin at: all of its units are listed.
    found = queries.search_units(list_visible_units(request.user, today), words)
    found = found if words else found.filter(opens_on__lte=as_of, closes_on__gt=as_of)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    queries.show_past(page, as_of, today)
    queries.show_past((one.parent for one in page), as_of, today)
    place = {
        "as_of": as_of,
        "page": page,
        "words": words,
        "coming": queries.list_coming(page, list_visible_units(request.user, today), as_of),
        "may_import": may_import_roster(request.user, today),
    }
    return show_page(request, "accounts/units.html", place, [unit_tables.tabulate_found(found, words, as_of, today)])


@require_GET
def show_unit(request: UserRequest, code: str) -> HttpResponse:
    """One unit, what is known about it as of the day, and the units directly below."""
    return _render_unit(request, code)


def _render_unit(request: UserRequest, code: str) -> HttpResponse:
    today, as_of = request.today, read_as_of(request)
    unit = get_unit(request.user, code, today)
    visible = list_visible_units(request.user, today)
    children = queries.list_children(visible, unit, as_of)
    page = Paginator(children, PAGE).get_page(request.GET.get("page"))
    queries.show_past([unit, *page], as_of, today)
    place: dict[str, Any] = {
        "as_of": as_of,
        "unit": unit,
        "story": queries.tell_story(unit, visible),
        "taken_over": queries.list_taken_over(unit),
        "changes_offered": OFFERED,
        "coming": queries.list_coming([unit, *page], visible, as_of),
        "coming_here": queries.list_coming_to(unit, visible, as_of),
        "given_up": queries.list_given_up(unit),
        "withdraw_form": WithdrawChangeForm(),
        "attributes": queries.list_attributes_in_force(unit, as_of),
        "page": page,
        "may_import": may_import_roster(request.user, today),
        "may_look": may_look(request.user, unit, today),
        "may_change": may_change_unit(request.user, unit, today),
        "may_appoint": may_appoint(request.user, unit, today),
    }
    tables = [unit_tables.tabulate_below(children, as_of, today), unit_tables.tabulate_figures(place["attributes"])]
    return show_page(request, "accounts/unit.html", place, tables)


@require_http_methods(["GET", "HEAD", "POST"])
def show_people(request: UserRequest, code: str) -> HttpResponseBase:
    """Who holds a post at this unit, and a form to appoint one more, after a fresh proof."""
    today = request.today
    unit = get_staffed_unit(request.user, code, today)
    if request.method == "POST" and (asked := demand_proof(request)) is not None:
        return asked
    form = AppointForm(request.POST) if request.method == "POST" else AppointForm(initial={"opens_on": today})
    if form.is_valid() and _may_appoint(request, unit, form):
        _appoint(request, unit, form)
        return redirect("accounts:people", unit.code)
    posts = queries.list_holders(unit)
    within = {post.pk for post in list_within(request, unit, posts)}
    place = {"unit": unit, "posts": posts, "within": within, "form": form, "no_as_of": True}
    return show_page(request, "accounts/people.html", place, [unit_tables.tabulate_posts(posts)])


def _may_appoint(request: UserRequest, unit: Unit, form: AppointForm) -> bool:
    """Whether that post may be given here; if not, the form says so."""
    typed = form.cleaned_data
    may = may_give(request.user, unit, request.today, role=typed["role"], line=typed["line"])
    if not may:
        form.add_error("role", _("You cannot give this post here. Leave it to an administrator."))
    return may


def _appoint(request: UserRequest, unit: Unit, form: AppointForm) -> None:
    typed = form.cleaned_data
    actions.appoint_new_person(actor=request.user, unit=unit, person=typed, closes_on=form.closes_on, now=request.now)
    messages.success(request, _("%(name)s can now log in.") % {"name": typed["display_name"]})


@require_POST
def end_post(request: UserRequest, code: str, number: int) -> HttpResponse:
    """Ends a post from today on. The officer's own post is left to a colleague, so that nobody locks themselves out."""
    unit, post = get_held_post(request, code, number)
    staff_actions.end_post(actor=request.user, post=post, closes_on=request.today, now=request.now)
    return redirect("accounts:people", unit.code)


@require_http_methods(["GET", "HEAD", "POST"])
def show_tokens(request: UserRequest, code: str) -> HttpResponseBase:
    """The keys with which programs act for posts of this unit, and a form to make one. A new key is shown this once.

    A key opens what its post opens for months: it is made after a fresh proof, and only for a post that one could give.
    """
    today = request.today
    unit = get_staffed_unit(request.user, code, today)
    if request.method == "POST" and (asked := demand_proof(request)) is not None:
        return asked
    posts = queries.list_holders(unit).filter(opens_on__lte=today, closes_on__gt=today)
    posts = posts.filter(pk__in=[post.pk for post in list_within(request, unit, posts)])
    form = TokenForm(request.POST or None, posts=posts, today=today)
    key = _make_token(request, form) if request.method == "POST" and form.is_valid() else ""
    form = TokenForm(None, posts=posts, today=today) if key else form
    tokens = queries.list_tokens(unit)
    place: dict[str, Any] = {
        "unit": unit,
        "tokens": tokens,
        "within": {post.pk for post in list_within(request, unit, [token.post for token in tokens])},
        "form": form,
        "key": key,
        "no_as_of": True,
    }
    tables = [unit_tables.tabulate_tokens(tokens)]
    answer = show_page(request, "accounts/tokens.html", place, tables, status=422 if form.errors else 200)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _make_token(request: UserRequest, form: TokenForm) -> str:
    typed = form.cleaned_data
    _token, key = actions.make_token(
        actor=request.user, post=typed["post"], name=typed["name"], closes_on=form.closes_on, now=request.now
    )
    return key


@require_POST
def withdraw_token(request: UserRequest, code: str, number: int) -> HttpResponse:
    """Ends a key at once."""
    unit = get_staffed_unit(request.user, code, request.today)
    token = get_object_or_404(queries.list_tokens(unit), pk=number)
    if not list_within(request, unit, [token.post]):
        raise PermissionDenied
    actions.withdraw_token(actor=request.user, token=token, now=request.now)
    return redirect("accounts:tokens", unit.code)


@require_http_methods(["GET", "HEAD", "POST"])
def change_unit(request: UserRequest, code: str, what: str) -> HttpResponse:
    """Enters that a unit moves, is renamed, becomes another kind, merges, divides or closes."""
    today = request.today
    unit = get_changing_unit(request.user, code, today)
    if what not in FORMS:
        raise Http404
    form = FORMS[what](request.POST or None, unit=unit, reach=list_changing_units(request.user, today), today=today)
    if request.method == "POST" and form.is_valid():
        is_made = form.act(form.make_ground(request.user, request.now))
        messages.success(request, _tell_change(is_made) % {"name": unit.name})
        # Whoever moved a unit out of their own sight is led to what they still see.
        is_seen = list_visible_units(request.user, today).filter(pk=unit.pk).exists()
        return redirect("accounts:unit", unit.code) if is_seen else redirect("accounts:units")
    place = {"unit": unit, "form": form, "title": form.title % {"name": unit.name}, "no_as_of": True}
    return render(request, "accounts/change.html", place, status=422 if form.errors else 200)


def _tell_change(is_made: bool) -> str:
    return (
        _("The change of %(name)s has been entered.")
        if is_made
        else _("The change of %(name)s has been entered and waits for its day.")
    )


@require_POST
def withdraw_change(request: UserRequest, code: str, number: int) -> HttpResponse:
    """Takes back what was entered ahead of its day. Only an officer, with a reason."""
    unit = get_changing_unit(request.user, code, request.today)
    row = get_object_or_404(unit.coming.select_related("unit", "target"), pk=number)
    form = WithdrawChangeForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why it is taken back."))
    elif coming.withdraw_change(actor=request.user, row=row, reason=form.cleaned_data["reason"], now=request.now):
        messages.success(request, _("Taken back. Nothing changes on that day."))
    else:
        messages.warning(request, _("It waits no more: it was taken back or made in the meantime."))
    return redirect("accounts:unit", unit.code)


def _demand_import(request: UserRequest) -> None:
    if not may_import_roster(request.user, request.today):
        raise PermissionDenied


@require_http_methods(["GET", "HEAD", "POST"])
def upload_roster(request: UserRequest) -> HttpResponse:
    """Takes the roster file and leads to its preview."""
    _demand_import(request)
    form = RosterForm(request.POST, request.FILES) if request.method == "POST" else RosterForm()
    if form.is_valid():
        file = form.cleaned_data["file"]
        actions.hold_roster(actor=request.user, name=file.name, content=file.read(), now=request.now)
        return redirect("accounts:roster-preview")
    return render(request, "accounts/roster.html", {"form": form, "no_as_of": True}, status=422 if form.errors else 200)


@require_GET
def preview_roster(request: UserRequest) -> HttpResponse:
    """What the held roster would change, or everything that is wrong in it."""
    _demand_import(request)
    upload = queries.find_held_roster(request.user)
    if upload is None:
        return redirect("accounts:roster")
    return _render_preview(request, upload, UndatedForm(None, today=request.today))


def _render_preview(request: UserRequest, upload: RosterUpload, form: UndatedForm) -> HttpResponse:
    preview = queries.preview_roster(*read_roster(upload.name, bytes(upload.content)), request.today)
    shown = preview.problems or preview.changes
    page = Paginator(shown, PAGE).get_page(request.GET.get("page"))
    place = {"upload": upload, "preview": preview, "page": page, "form": form, "no_as_of": True}
    tables = [unit_tables.tabulate_roster(preview.changes)]
    return show_page(request, "accounts/roster_preview.html", place, tables, status=422 if form.errors else 200)


@require_POST
def confirm_roster(request: UserRequest) -> HttpResponse:
    """Takes the held roster in. Whatever changed since the preview is checked again; with an error nothing is saved.

    A page of a file that another has replaced since takes nothing in: who confirms has seen what is confirmed.
    """
    _demand_import(request)
    upload = queries.find_held_roster(request.user)
    if upload is None:
        raise Http404
    if request.POST.get("seen") != upload.fingerprint:
        messages.warning(
            request,
            _("Nothing was imported: another file was uploaded after that page. This is the newer one; look it over."),
        )
        return redirect("accounts:roster-preview")
    rows, unread = read_roster(upload.name, bytes(upload.content))
    if has_errors(unread):
        return redirect("accounts:roster-preview")
    form = UndatedForm(request.POST, today=request.today)
    if queries.preview_roster(rows, unread, request.today).undated and not form.is_valid():
        return _render_preview(request, upload, form)
    day = form.cleaned_data.get("changed_on") if form.is_valid() else None
    changes, problems = actions.import_roster(actor=request.user, rows=rows, now=request.now, changed_on=day)
    if has_errors(problems):
        return redirect("accounts:roster-preview")
    messages.success(request, _tell_import(len(changes)))
    return redirect("accounts:units")


def _tell_import(number: int) -> str:
    if not number:
        return _("The roster is the same as what was already here. Nothing was changed.")
    return _("The roster is in: %(number)d units are new or changed.") % {"number": number}


@require_GET
def download_roster_template(request: UserRequest) -> HttpResponse:
    """The empty roster, for whoever has to fill it in."""
    _demand_import(request)
    answer = HttpResponse(write_roster_template(), content_type=SPREADSHEET)
    answer.headers["Content-Disposition"] = (
        "attachment; filename=\"roster.xlsx\"; filename*=UTF-8''%E8%8A%B1%E5%90%8D%E5%86%8C.xlsx"
    )
    return answer


def answer_bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """The sentence of the refusal, so that an address typed wrongly explains itself; 413 for what is too large.

    Only our own sentences are shown: what the framework says of a request is written for programmers.
    """
    is_large = isinstance(exception, RequestDataTooBig)
    sentence = str(exception) if isinstance(exception, BadRequest) else ""
    limit_mb = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // MEGABYTE
    place = {"sentence": sentence, "is_large": is_large, "limit_mb": limit_mb, "no_as_of": True}
    return render(request, "400.html", place, status=413 if is_large else 400)
