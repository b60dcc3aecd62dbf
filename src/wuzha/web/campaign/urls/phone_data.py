"""The addresses that the phone's page sends to and asks."""

from django.urls import URLPattern, path

from wuzha.web.campaign.views import phone_data as views

urlpatterns: list[URLPattern] = [
    path("phone/records/", views.take_in, name="phone-records"),
    path("phone/state/", views.show_state, name="phone-state"),
]
