"""Every address of the site. Each room names its own; this file only joins them."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from wuzha.web.api import list_addresses

urlpatterns = [
    path("language/", login_not_required(set_language), name="set_language"),
    path("api/v1/", list_addresses()),
    path("", include("wuzha.web.accounts.urls")),
    path("", include("wuzha.web.personal.urls")),
    path("", include("wuzha.web.campaign.urls")),
    path("", include("wuzha.web.audit.urls")),
    path("", include("wuzha.web.health.urls")),
]

handler400 = "wuzha.web.accounts.views.answer_bad_request"
handler500 = "wuzha.web.accounts.refusal.answer_failure"
