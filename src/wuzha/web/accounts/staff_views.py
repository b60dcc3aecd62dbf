"""The pages of posts: which one acts, who stands in, who leaves, and many new people at once."""

from collections.abc import Iterable, Sequence
from types import MappingProxyType

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wuzha.adapters.people_sheet import read_people, write_links, write_people_template
from wuzha.core.base.staff import Desk, NewPerson, check_people
from wuzha.web.accounts import invitations, queries, staff_actions
from wuzha.web.accounts.access import (
    UserRequest,
    get_staffed_unit,
    gives,
    is_in_force,
    list_people,
    list_posts,
    list_staffed_units,
    may_close,
    may_give,
)
from wuzha.web.accounts.actions import appoint
from wuzha.web.accounts.clock import TimedRequest
from wuzha.web.accounts.models import PeopleUpload, Post, Unit, User
from wuzha.web.accounts.roles import Power
from wuzha.web.accounts.sight import CHOSEN
from wuzha.web.accounts.signin.proof import step_up_required
from wuzha.web.accounts.staff_forms import Chooser, DeputyForm, FirstPasswordForm, GiveForm, PeopleForm

PAGE = 100
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# The secret in the address goes nowhere. Without any referrer a browser would name no origin for the form either, and
# the form would be refused as a forged one.
NO_STORE = MappingProxyType({"Cache-Control": "no-store", "Referrer-Policy": "strict-origin"})


@require_POST
def choose_post(request: UserRequest) -> HttpResponse:
    """Acts as one post alone from now on, or as all again. Only a post in force of one's own can be chosen."""
    chosen = request.POST.get("post", "")
    request.session.pop(CHOSEN, None)
    if chosen:
        post = next((one for one in request.user.posts_held if str(one.pk) == chosen), None)
        if post is None:
            raise Http404
        request.session[CHOSEN] = post.pk
    return redirect("accounts:home" if chosen else "accounts:me")


def get_held_post(request: UserRequest, code: str, number: int) -> tuple[Unit, Post]:
    """A post at a unit whose people one looks after, not one's own and not ended. Raises ``Http404`` otherwise, and
    ``PermissionDenied`` for a post that one could not give."""
    unit = get_staffed_unit(request.user, code, request.today)
    post = get_object_or_404(queries.list_holders(unit).filter(closes_on__gt=request.today), pk=number)
    if post.user_id == request.user.pk or not may_give(
        request.user, unit, request.today, role=post.role, line=post.line
    ):
        raise PermissionDenied
    return unit, post


def list_within(request: UserRequest, unit: Unit, posts: Iterable[Post]) -> list[Post]:
    """Of the posts at the unit those that one could give oneself, and may therefore end or make keys for."""
    own = list(list_posts(request.user, request.today, Power.PEOPLE))
    return [post for post in posts if gives(own, unit, role=post.role, line=post.line)]


def make_chooser(request: UserRequest, unit: Unit, holder: User | None = None) -> Chooser:
    """Who may get a post at the unit: those whose people one looks after, but not oneself nor who holds it now."""
    people = list_people(request.user, request.today).exclude(pk__in=[holder.pk] if holder else [])
    staffed = list_staffed_units(request.user, request.today).order_by()
    posts = Post.objects.filter(is_in_force(request.today), unit__in=staffed).select_related("unit", "deputy_of__user")

    def find(username: str) -> User | None:
        return people.filter(username=username).first()

    def search(words: str) -> queries.FoundPeople:
        return queries.search_people(people, posts.order_by("unit__path", "role"), words, unit)

    return Chooser(find, search)


@step_up_required
@require_http_methods(["GET", "HEAD", "POST"])
def give_post(request: UserRequest, code: str) -> HttpResponse:
    """One more post at this unit for somebody who is here already."""
    unit = get_staffed_unit(request.user, code, request.today)
    data = request.POST if request.method == "POST" else None
    form = GiveForm(data, chooser=make_chooser(request, unit), today=request.today)
    if form.is_valid():
        typed = form.cleaned_data
        own = {"role": typed["role"], "line": typed["line"]}
        if may_give(request.user, unit, request.today, **own):
            days = {"opens_on": typed["opens_on"], "closes_on": form.closes_on}
            appoint(actor=request.user, user=typed["username"], unit=unit, now=request.now, **own, **days)
            messages.success(request, _("%(name)s holds one more post.") % {"name": typed["username"]})
            return redirect("accounts:people", unit.code)
        form.add_error("role", _("You cannot give this post here. Leave it to an administrator."))
    place = {"unit": unit, "form": form, "no_as_of": True}
    return render(request, "accounts/give.html", place, status=422 if form.errors else 200)


@step_up_required
@require_http_methods(["GET", "HEAD", "POST"])
def name_deputy(request: UserRequest, code: str, number: int) -> HttpResponse:
    """Who acts for the holder of this post, from when until when?"""
    unit, post = get_held_post(request, code, number)
    if post.deputy_of_id is not None:
        raise Http404
    data = request.POST if request.method == "POST" else None
    form = DeputyForm(data, chooser=make_chooser(request, unit, post.user), today=request.today)
    if form.is_valid():
        person, days = form.cleaned_data["username"], form.cleaned_data["opens_on"]
        try:
            staff_actions.let_stand_in(
                actor=request.user,
                post=post,
                user=person,
                days=staff_actions.Days(days, form.closes_on),
                now=request.now,
            )
        except staff_actions.EndedError:
            form.add_error("opens_on", _("The post will not be in force that day. Choose an earlier one."))
        else:
            messages.success(request, _("%(name)s acts for %(holder)s.") % {"name": person, "holder": post.user})
            return redirect("accounts:people", unit.code)
    place = {"unit": unit, "post": post, "form": form, "no_as_of": True}
    return render(request, "accounts/deputy.html", place, status=422 if form.errors else 200)


def _get_leaver(request: UserRequest, code: str, number: int) -> tuple[Unit, User]:
    """The holder of a post there, where one looks after all of their posts. Raises ``PermissionDenied`` otherwise."""
    unit = get_staffed_unit(request.user, code, request.today)
    post = get_object_or_404(queries.list_holders(unit), pk=number)
    if not may_close(request.user, post.user, request.today):
        raise PermissionDenied
    return unit, post.user


@step_up_required
@require_http_methods(["GET", "HEAD", "POST"])
def close_account(request: UserRequest, code: str, number: int) -> HttpResponse:
    """The person leaves: asked once more, then everything of theirs ends at once."""
    unit, person = _get_leaver(request, code, number)
    if request.method == "POST":
        staff_actions.close_account(actor=request.user, user=person, now=request.now)
        messages.success(request, _("%(name)s has left. All posts and keys have ended.") % {"name": person})
        return redirect("accounts:people", unit.code)
    posts = person.posts.filter(closes_on__gt=request.today).select_related("unit", "deputy_of__user")
    return render(request, "accounts/leave.html", {"unit": unit, "person": person, "posts": posts, "no_as_of": True})


@step_up_required
@require_POST
def renew_link(request: UserRequest, code: str, number: int) -> HttpResponse:
    """A new one-time link, shown this once: for who lost the first one, or has forgotten the password."""
    unit, person = _get_leaver(request, code, number)
    if not person.is_active:
        raise PermissionDenied
    made = invitations.Invited(person, unit, invitations.invite(actor=request.user, user=person, now=request.now))
    return _show_links(request, [made])


@require_http_methods(["GET", "HEAD", "POST"])
def upload_people(request: UserRequest) -> HttpResponse:
    """Takes the sheet of new people and leads to its preview."""
    _demand_staff(request)
    form = PeopleForm(request.POST, request.FILES) if request.method == "POST" else PeopleForm()
    if form.is_valid():
        file = form.cleaned_data["file"]
        invitations.hold_people(actor=request.user, name=file.name, content=file.read(), now=request.now)
        return redirect("accounts:people-preview")
    place = {"form": form, "no_as_of": True}
    return render(request, "accounts/people_upload.html", place, status=422 if form.errors else 200)


def _demand_staff(request: UserRequest) -> None:
    if not list_posts(request.user, request.today, Power.PEOPLE).exists():
        raise PermissionDenied


def _check(request: UserRequest, upload: PeopleUpload) -> tuple[Sequence[NewPerson], Sequence[object]]:
    """The people of the held sheet as things stand now, and everything that is wrong with it."""
    rows, unread = read_people(upload.name, bytes(upload.content))
    posts = list(list_posts(request.user, request.today, Power.PEOPLE))
    units = {unit.code: unit for unit in list_staffed_units(request.user, request.today)}
    names = {row.read("username") for row in rows}
    taken = User.objects.filter(username__in=names).values_list("username", flat=True) if names else ()

    def may(code: str, role: str, line: str) -> bool | None:
        return gives(posts, units[code], role=role, line=line) if code in units else None

    people, problems = check_people(rows, Desk(request.today, frozenset(map(str.casefold, taken)), may))
    return people, (*unread, *problems)


@require_GET
def preview_people(request: UserRequest) -> HttpResponse:
    """Who would get an account, or everything that is wrong in the sheet."""
    _demand_staff(request)
    upload = PeopleUpload.objects.filter(uploaded_by=request.user).first()
    if upload is None:
        return redirect("accounts:people-import")
    people, problems = _check(request, upload)
    page = Paginator(problems or people, PAGE).get_page(request.GET.get("page"))
    names = dict(Unit.objects.filter(code__in={one.unit for one in people}).values_list("code", "name"))
    place = {"upload": upload, "people": people, "problems": problems, "page": page, "names": names, "no_as_of": True}
    return render(request, "accounts/people_preview.html", place)


@step_up_required
@require_POST
def confirm_people(request: UserRequest) -> HttpResponse:
    """Makes the accounts of the held sheet, checked once more, and hands out their links this once."""
    _demand_staff(request)
    upload = PeopleUpload.objects.filter(uploaded_by=request.user).first()
    if upload is None:
        raise Http404
    people, problems = _check(request, upload)
    if problems or request.POST.get("seen") != upload.fingerprint:
        messages.warning(request, _("Nothing was made: something has changed since that page. Look it over again."))
        return redirect("accounts:people-preview")
    try:
        made = invitations.create_people(actor=request.user, people=people, now=request.now)
    except IntegrityError:
        return redirect("accounts:people-preview")
    return _send_links(request, made) if "sheet" in request.POST else _show_links(request, made)


def _list_links(request: HttpRequest, made: Sequence[invitations.Invited]) -> list[tuple[str, str, str, str]]:
    """Name, user name, unit and whole link of each."""
    return [
        (
            str(one.user),
            one.user.username,
            one.unit.name,
            request.build_absolute_uri(reverse("accounts:welcome", args=[one.link])),
        )
        for one in made
    ]


def _find_last(made: Sequence[invitations.Invited]) -> str:
    row = made[0].user.invitations.first()
    return date_format(timezone.localtime(row.expires_at), "Y-m-d H:i") if row else ""


def _show_links(request: UserRequest, made: Sequence[invitations.Invited]) -> HttpResponse:
    place = {"links": _list_links(request, made), "last": _find_last(made), "no_as_of": True}
    answer = render(request, "accounts/links.html", place)
    _keep_out_of_stores(answer)
    return answer


def _send_links(request: UserRequest, made: Sequence[invitations.Invited]) -> HttpResponse:
    last = _("The links can be opened once each, until %(last)s.") % {"last": _find_last(made)}
    answer = HttpResponse(
        write_links(_list_links(request, made), last), content_type=SPREADSHEET, headers=dict(NO_STORE)
    )
    answer.headers["Content-Disposition"] = (
        "attachment; filename=\"links.xlsx\"; filename*=UTF-8''%E4%B8%80%E6%AC%A1%E6%80%A7%E9%93%BE%E6%8E%A5.xlsx"
    )
    return answer


def _keep_out_of_stores(answer: HttpResponse) -> None:
    for name, value in NO_STORE.items():
        answer.headers[name] = value


@require_GET
def download_people_template(request: UserRequest) -> HttpResponse:
    """The empty sheet, for whoever has to fill it in."""
    _demand_staff(request)
    answer = HttpResponse(write_people_template(), content_type=SPREADSHEET)
    answer.headers["Content-Disposition"] = (
        "attachment; filename=\"people.xlsx\"; filename*=UTF-8''%E4%BA%BA%E5%91%98%E8%A1%A8.xlsx"
    )
    return answer


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: TimedRequest, link: str) -> HttpResponse:
    """A new person sets their own password, once; a link that does not open says what to do."""
    found, why = invitations.find_invitation(link, request.now)
    form = None
    if found is not None:
        form = FirstPasswordForm(found.user, request.POST if request.method == "POST" else None)
        if form.is_valid():
            password = form.cleaned_data["new_password1"]
            why = invitations.accept(invitation=found, password=password, now=request.now)
            if not why:
                messages.success(request, _("Your password is set. Log in with it now."))
                return redirect("accounts:log-in")
    place = {"form": form, "person": found.user if found else None, "why": why, "no_as_of": True}
    status = 410 if why else 422 if form and form.errors else 200
    answer = render(request, "accounts/welcome.html", place, status=status)
    _keep_out_of_stores(answer)
    return answer
