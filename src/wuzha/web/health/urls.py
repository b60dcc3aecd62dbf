"""The addresses that machines ask."""

from django.urls import path

from wuzha.web.health import views

app_name = "health"
urlpatterns = [
    path("health/live", views.tell_live, name="live"),
    path("health/ready", views.tell_ready, name="ready"),
    path("metrics", views.tell_metrics, name="metrics"),
]
