"""The addresses of what posts lead to: handing one over, and the units of one line."""

from django.urls import URLPattern, path

from wuzha.web.campaign.views import posts as views

urlpatterns: list[URLPattern] = [
    path("units/<str:code>/people/<int:number>/hand-over/", views.hand_over, name="hand-over"),
    path("lines/<int:number>/", views.show_line, name="line"),
]
