"""The addresses of files of records, and of looking again."""

from django.urls import URLPattern, path

from wuzha.web.campaign.views import evidence as views
from wuzha.web.campaign.views import looks

urlpatterns: list[URLPattern] = [
    path("evidence/<uuid:pk>/", views.take_in, name="evidence"),
    path("evidence/<uuid:pk>/file", views.send_file, name="evidence-file"),
    path("evidence/<uuid:pk>/thumbnail", views.send_thumbnail, name="evidence-thumbnail"),
    path("records/<uuid:pk>/evidence/", views.attach, name="record-attach"),
    path("looks/", looks.look, name="looks"),
]
