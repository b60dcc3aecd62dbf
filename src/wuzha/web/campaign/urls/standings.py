"""The addresses of standings and work."""

from django.urls import URLPattern, path

from wuzha.web.campaign.views import standings as views

urlpatterns: list[URLPattern] = [
    path("today/", views.show_today, name="today"),
    path("today/work/", views.show_work, name="work"),
    path("standings/", views.show_home_standings, name="standings"),
    path("standings/<str:code>/", views.show_standings, name="standings"),
    path("standings/<str:code>/<int:pk>/", views.show_cell, name="cell"),
    path("standings/<str:code>/<int:pk>/<str:duty_id>/", views.show_cell, name="cell"),
    path("units/<str:code>/standing/", views.show_unit, name="unit"),
]
