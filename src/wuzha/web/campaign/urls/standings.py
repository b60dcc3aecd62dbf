from django.urls import URLPattern, path

from wuzha.web.campaign.views import standings as views

urlpatterns: list[URLPattern] = [path("today/", views.show_today, name="today")]
