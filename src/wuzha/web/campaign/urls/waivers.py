"""The addresses of what is set aside."""

from django.urls import URLPattern, path

from wuzha.web.campaign.views import waivers as views

urlpatterns: list[URLPattern] = [
    path("units/<str:code>/waivers/<int:pk>/<str:duty_id>/", views.show_waivers, name="waivers"),
    path("waivers/<int:pk>/withdraw/", views.withdraw_waiver, name="waiver-withdraw"),
]
