"""The addresses of the campaign room."""

from django.urls import path

from wuzha.web.campaign import views

app_name = "campaign"
urlpatterns = [path("today/", views.show_today, name="today")]
