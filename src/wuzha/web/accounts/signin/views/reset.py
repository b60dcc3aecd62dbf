"""Helping somebody who has lost the phone and the recovery codes."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from wuzha.web.accounts import queries
from wuzha.web.accounts.access import UserRequest, get_staffed_unit, may_close
from wuzha.web.accounts.signin import actions
from wuzha.web.accounts.signin.forms import ResetForm
from wuzha.web.accounts.signin.proof import step_up_required


@step_up_required
@require_http_methods(["GET", "HEAD", "POST"])
def reset_factors(request: UserRequest, code: str, number: int) -> HttpResponse:
    """Takes the second step of somebody of this unit away, with a reason; they set up another one then."""
    unit = get_staffed_unit(request.user, code, request.today)
    post = get_object_or_404(queries.list_holders(unit), pk=number)
    # As for a new link: both let whoever comes next in as that person.
    if not may_close(request.user, post.user, request.today):
        raise PermissionDenied
    form = ResetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        actions.reset_factors(actor=request.user, user=post.user, reason=reason, now=request.now)
        messages.success(request, _("%(name)s can log in by the password alone again.") % {"name": post.user})
        return redirect("accounts:people", unit.code)
    place = {"unit": unit, "person": post.user, "form": form, "no_as_of": True}
    return render(request, "accounts/signin/reset.html", place, status=422 if form.errors else 200)
