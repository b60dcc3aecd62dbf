"""Files with personal data are given to whoever has just shown who they are, whichever page they belong to."""

from dataclasses import dataclass
from typing import cast

from django.http import HttpRequest, HttpResponseBase

from wuzha.web.accounts.access import UserRequest
from wuzha.web.accounts.clock import Answer
from wuzha.web.accounts.personal_files import is_personal
from wuzha.web.accounts.signin.proof import GIVEN, demand_proof


@dataclass(frozen=True, slots=True)
class GuardFiles:
    """The middleware. It stands behind the one that knows which pages are the person's; a view is asked after it, since
    most take no form and the proof comes as one."""

    get_response: Answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, values: object) -> HttpResponseBase | None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        if not is_personal(name, request.GET) or not request.user.is_authenticated:
            return None
        if request.method == "POST" and GIVEN not in request.POST:
            return None
        return demand_proof(cast(UserRequest, request))
