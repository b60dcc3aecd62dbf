"""A post goes to another person with what lies on its desk; and how the units of one line stand."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from wuzha.core.assessment.model import Totals
from wuzha.web.accounts.access import UserRequest, list_lines
from wuzha.web.accounts.context import read_as_of
from wuzha.web.accounts.roles import Power, list_roles
from wuzha.web.accounts.signin.proof import step_up_required
from wuzha.web.accounts.staff_actions import EndedError
from wuzha.web.accounts.staff_actions import hand_over as act
from wuzha.web.accounts.staff_forms import HandOverForm
from wuzha.web.accounts.staff_views import get_held_post, make_chooser
from wuzha.web.accounts.tables import show_page
from wuzha.web.campaign.queries import posts as queries
from wuzha.web.campaign.queries.lines import open_line_desk
from wuzha.web.campaign.tables.standings import tabulate_bearers


@step_up_required
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: UserRequest, code: str, number: int) -> HttpResponse:
    """Who takes this post over, from when, and with what under work?"""
    unit, post = get_held_post(request, code, number)
    if post.deputy_of_id is not None:
        raise Http404
    piles = queries.list_open_work(post, request.user, request.today)
    data = request.POST if request.method == "POST" else None
    form = HandOverForm(data, chooser=make_chooser(request, unit, post.user), post=post, today=request.today)
    if form.is_valid():
        person, on = form.cleaned_data["username"], form.cleaned_data["on"]
        try:
            left = {pile.kind: pile.number for pile in piles}
            act(actor=request.user, post=post, user=person, on=on, now=request.now, left=left)
        except EndedError:
            form.add_error("on", _("The post has ended in the meantime. Look at the list of people again."))
        else:
            messages.success(request, _("Handed over to %(name)s.") % {"name": person})
            return redirect("accounts:people", unit.code)
    stays = [pile for pile in piles if pile.kind not in queries.ENDING]
    ends = [pile for pile in piles if pile.kind in queries.ENDING]
    place = {"unit": unit, "post": post, "stays": stays, "ends": ends, "form": form, "no_as_of": True}
    return render(request, "campaign/posts/hand_over.html", place, status=422 if form.errors else 200)


@require_safe
def show_line(request: UserRequest, number: int) -> HttpResponse:
    """How do the units of my line stand? One plan, no unit of another line."""
    as_of = read_as_of(request)
    posts = list_lines(request.user, request.today, Power.FIGURES)
    post = next((one for one in posts if one.pk == number), None)
    if post is None:
        raise Http404
    plans = queries.list_line_plans(post, as_of)
    asked = request.GET.get("plan", "")
    plan = next((one for one in plans if not asked or str(one.version.pk) == asked), None)
    if asked and plan is None:
        raise Http404
    rows = sorted(queries.count_line(post, plan, as_of), key=lambda row: -row[1].missed) if plan else []
    total = sum((totals for _unit, totals in rows), Totals())
    reads = post.role in list_roles(Power.LOOK)
    place = {
        "as_of": as_of,
        "post": post,
        "line_post": post,
        "plans": plans,
        "in_force": plan,
        "rows": rows,
        "total": total,
        "desk": open_line_desk(post, request.user, as_of, request.today) if reads else None,
    }
    going_out = [tabulate_bearers(rows, [(_("Plan"), plan.version.title)])] if plan else []
    return show_page(request, "campaign/posts/line.html", place, going_out)
