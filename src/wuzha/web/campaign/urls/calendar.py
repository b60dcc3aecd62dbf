"""The addresses of the working days."""

from django.urls import URLPattern, path

from wuzha.web.campaign.views import calendar as views

urlpatterns: list[URLPattern] = [
    path("calendar/", views.show_calendar, name="calendar"),
    path("calendar/<int:pk>/withdraw/", views.withdraw_day, name="calendar-withdraw"),
]
