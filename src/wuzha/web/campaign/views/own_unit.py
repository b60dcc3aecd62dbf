"""For which unit is it? Whoever records for one unit is not asked; whoever looks after a line is led to its units."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from wuzha.web.accounts.access import UserRequest
from wuzha.web.accounts.models import Unit
from wuzha.web.campaign import access


def find_own_unit(request: UserRequest) -> Unit | None:
    """The unit recorded for where the address names none; None where the person has to choose it.

    Raises ``PermissionDenied`` for somebody who records for no unit at all.
    """
    unit = access.find_recording_home(request.user, request.today)
    if unit is None and not access.list_recording_units(request.user, request.today).exists():
        raise PermissionDenied(_("You hold no post that makes records. Ask the officer of your unit to appoint you."))
    return unit


def let_choose(request: UserRequest) -> HttpResponse:
    """On to the units, with the sentence that says what for."""
    messages.info(request, _("You record for several units. Choose one; on its page you record for it."))
    return redirect("accounts:units")
