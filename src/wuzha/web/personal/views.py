"""The pages about personal data: authorise, parse, call once, answer."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from wuzha.web.accounts.access import UserRequest
from wuzha.web.accounts.signin.proof import demand_proof
from wuzha.web.personal import access, actions
from wuzha.web.personal.forms import PhoneForm, WhyForm
from wuzha.web.personal.reveal import keep_nowhere, reveal_phone


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
