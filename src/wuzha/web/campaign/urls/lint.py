"""The address of the check against higher rules."""

from django.urls import URLPattern, path

from wuzha.web.campaign.views import lint as views

urlpatterns: list[URLPattern] = [
    path("plans/<int:plan>/lint/", views.show_lint, name="plan-lint"),
    path("plans/<int:plan>/lint/stand/", views.let_stand, name="plan-lint-stand"),
]
