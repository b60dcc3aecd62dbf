"""The addresses of the phone page."""

from django.urls import URLPattern, path

from wuzha.web.campaign.views import phone as views

urlpatterns: list[URLPattern] = [
    path("phone/", views.show_shell, name="phone"),
    path("phone/worker.js", views.send_worker, name="phone-worker"),
    path("phone/manifest.webmanifest", views.send_manifest, name="phone-manifest"),
    path("phone/<str:version>/<str:name>", views.send_file, name="phone-file"),
]
