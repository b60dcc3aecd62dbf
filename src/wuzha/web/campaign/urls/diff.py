"""The address of two plans side by side."""

from django.urls import URLPattern, path

from wuzha.web.campaign.views import diff as views

urlpatterns: list[URLPattern] = [path("plans/<int:plan>/diff/", views.show_diff, name="plan-diff")]
