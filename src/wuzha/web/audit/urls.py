"""The addresses of the audit log."""

from django.urls import path

from wuzha.web.audit import views

app_name = "audit"
urlpatterns = [
    path("audit/", views.show_log, name="log"),
    path("audit/mine/", views.show_own, name="own"),
    path("audit/<int:number>/", views.show_entry, name="entry"),
]
