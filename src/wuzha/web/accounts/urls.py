"""The addresses of people and units."""

from django.urls import path
from django.views.generic import RedirectView

from wuzha.web.accounts import views

app_name = "accounts"
urlpatterns = [
    path("", RedirectView.as_view(pattern_name="campaign:today"), name="home"),
    path("log-in/", views.LogIn.as_view(), name="log-in"),
    path("log-out/", views.LogOut.as_view(), name="log-out"),
    path("me/", views.show_me, name="me"),
    path("me/password/", views.ChangePassword.as_view(), name="change-password"),
    path("units/", views.list_units, name="units"),
    path("units/<str:code>/", views.show_unit, name="unit"),
]
