"""The addresses of supervision."""

from django.urls import URLPattern, path

from wuzha.web.campaign.views import supervision as views

urlpatterns: list[URLPattern] = [
    path("supervision/", views.show_supervision, name="supervision"),
]
