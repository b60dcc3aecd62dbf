"""The pages about personal data: authorise, parse, call once, answer."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wuzha.web.accounts.access import UserRequest
from wuzha.web.accounts.models import User
from wuzha.web.accounts.signin.proof import demand_proof
from wuzha.web.accounts.tables import show_page
from wuzha.web.personal import access, actions
from wuzha.web.personal.erasure import HeldError, StillInPostError, erase_person, export_person
from wuzha.web.personal.forms import DaysForm, HoldForm, PhoneForm, ReasonForm, WhyForm
from wuzha.web.personal.held import name_holds
from wuzha.web.personal.retention import RULES, list_runs, read_days
from wuzha.web.personal.reveal import keep_nowhere, reveal_phone
from wuzha.web.personal.tables import tabulate_clocks, tabulate_holds, tabulate_runs


@require_http_methods(["GET", "HEAD", "POST"])
def show_phone(request: UserRequest, number: int) -> HttpResponseBase:
    """The number of one person: masked, and for whoever says why as it is, in this answer only."""
    person = access.get_person(request.user, number, request.today)
    if request.method == "POST" and (proof := demand_proof(request)) is not None:
        return proof
    contact = access.find_contact(person)
    form, phone = WhyForm(request.POST if request.method == "POST" else None), ""
    if request.method == "POST" and form.is_valid() and contact is not None:
        phone = reveal_phone(actor=request.user, contact=contact, why=form.make_why(), now=request.now)
    place = {
        "person": person,
        "contact": contact,
        "form": form,
        "phone": phone,
        "is_keeper": access.is_keeper(request.user, request.today),
        "may_change": access.may_change_contact(request.user, person, request.today),
        "no_as_of": True,
    }
    return keep_nowhere(render(request, "personal/phone.html", place, status=422 if form.errors else 200))


@require_http_methods(["GET", "HEAD", "POST"])
def change_phone(request: UserRequest, number: int) -> HttpResponse:
    """Puts in, changes or takes away the number of a person."""
    person = access.get_person(request.user, number, request.today)
    if not access.may_change_contact(request.user, person, request.today):
        raise PermissionDenied
    form = PhoneForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.set_phone(actor=request.user, person=person, phone=form.cleaned_data["phone"], now=request.now)
        messages.success(request, _("The number has been saved."))
        return redirect("personal:phone", person.pk)
    place = {"person": person, "form": form, "no_as_of": True}
    return keep_nowhere(render(request, "personal/change_phone.html", place, status=422 if form.errors else 200))


@require_http_methods(["GET", "HEAD", "POST"])
def show_data(request: UserRequest, number: int) -> HttpResponseBase:
    """Everything on one person as a file; and, once they have left, the name taken out. Each with a reason."""
    person = access.get_subject(request.user, number, request.today)
    if request.method == "POST" and (proof := demand_proof(request)) is not None:
        return proof
    form = ReasonForm(request.POST if request.method == "POST" else None)
    may_erase = access.is_keeper(request.user, request.today)
    if request.method == "POST" and form.is_valid():
        if request.POST.get("act") != "erase":
            return _answer_zip(request, person, form.cleaned_data["reason"])
        if not may_erase:
            raise PermissionDenied
        try:
            erase_person(actor=request.user, person=person, reason=form.cleaned_data["reason"], now=request.now)
        except StillInPostError:
            form.add_error(None, _("This person still holds a post. End the post first."))
        except HeldError as error:
            told = _("A hold is on %(on)s (%(why)s). Nothing of this person is deleted until it is lifted.")
            form.add_error(None, told % {"on": error.on, "why": error.why})
        else:
            return redirect("personal:data", person.pk)
    place = {"person": person, "form": form, "may_erase": may_erase, "no_as_of": True}
    place["departure"] = access.find_departure(person)
    return keep_nowhere(render(request, "personal/data.html", place, status=422 if form.errors else 200))


def _answer_zip(request: UserRequest, person: User, reason: str) -> HttpResponse:
    content = export_person(actor=request.user, person=person, reason=reason, now=request.now)
    answer = HttpResponse(content, content_type="application/zip")
    answer.headers["Content-Disposition"] = f'attachment; filename="person-{person.pk}.zip"'
    return keep_nowhere(answer)


@require_safe
def show_certificate(request: UserRequest, number: int) -> HttpResponse:
    """What was deleted of somebody who left, and what is kept and why, as text."""
    departure = access.get_departure(request.user, number, request.today)
    answer = HttpResponse(departure.certificate, content_type="text/plain; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="certificate-{departure}.txt"'
    return keep_nowhere(answer)


@require_safe
def show_retention(request: UserRequest) -> HttpResponse:
    """How long is what kept, and what did the last runs let go?"""
    access.demand_keeper(request.user, request.today)
    days = read_days()
    clocks = [(rule, days[rule.kind]) for rule in RULES]
    runs = list_runs()
    place = {"clocks": clocks, "runs": runs[:10], "no_as_of": True}
    return show_page(request, "personal/retention.html", place, [tabulate_clocks(clocks), tabulate_runs(runs)])


@require_http_methods(["GET", "HEAD", "POST"])
def change_days(request: UserRequest, kind: str) -> HttpResponse:
    """Another number of days for one clock."""
    rule = access.get_rule(request.user, kind, request.today)
    data = request.POST if request.method == "POST" else None
    form = DaysForm(data, least=rule.least, most=rule.most, days=read_days()[kind])
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        actions.set_days(actor=request.user, kind=kind, days=typed["days"], reason=typed["reason"], now=request.now)
        return redirect("personal:retention")
    place = {"rule": rule, "form": form, "no_as_of": True}
    return render(request, "personal/days.html", place, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def show_holds(request: UserRequest) -> HttpResponse:
    """What must not be deleted for now, and why?"""
    access.demand_keeper(request.user, request.today)
    form = HoldForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        unit, target = access.find_held(form.cleaned_data["what"], form.cleaned_data["number"].strip())
        if unit is None and not target[0]:
            form.add_error("number", _("Nothing has this code or number."))
        else:
            actions.hold(
                actor=request.user, reason=form.cleaned_data["reason"], now=request.now, unit=unit, target=target
            )
            return redirect("personal:holds")
    holds = access.list_holds()
    names = name_holds(holds)
    told = [(one, names[one.pk]) for one in holds]
    place = {"holds": told, "form": form, "lift": ReasonForm(), "no_as_of": True}
    table = tabulate_holds(holds, names)
    return show_page(request, "personal/holds.html", place, [table], 422 if form.errors else 200)


@require_POST
def lift_hold(request: UserRequest, number: int) -> HttpResponse:
    """Ends a hold, with a reason."""
    row, form = access.get_hold(request.user, number, request.today), ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why the hold is lifted."))
    elif actions.lift_hold(actor=request.user, row=row, reason=form.cleaned_data["reason"], now=request.now):
        messages.success(request, _("The hold has been lifted."))
    return redirect("personal:holds")
