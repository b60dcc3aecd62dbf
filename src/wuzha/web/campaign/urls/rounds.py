"""The addresses of visit rounds."""

from django.urls import URLPattern, path

from wuzha.web.campaign.views import rounds as views

urlpatterns: list[URLPattern] = [
    path("rounds/", views.show_own_round, name="rounds"),
    path("rounds/<str:code>/", views.show_round, name="round"),
    path("rounds/<str:code>/numbers/", views.set_subjects, name="round-numbers"),
]
