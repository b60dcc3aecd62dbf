"""The addresses of burden."""

from django.urls import URLPattern, path

from wuzha.web.campaign.views import burden as views

urlpatterns: list[URLPattern] = [
    path("plans/<int:plan>/burden/", views.show_burden, name="plan-burden"),
    path("minutes/", views.show_minutes, name="minutes"),
]
