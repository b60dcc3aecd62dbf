"""The addresses of the kinds of record."""

from django.urls import URLPattern, path

from wuzha.web.campaign.views import kinds as views

urlpatterns: list[URLPattern] = [
    path("kinds/", views.show_kinds, name="kinds"),
    path("kinds/<str:kind_code>/", views.change_kind, name="kind-change"),
    path("kinds/<str:kind_code>/close/", views.close_kind, name="kind-close"),
]
