"""The addresses of briefings."""

from django.urls import URLPattern, path

from wuzha.web.campaign.views import briefings as views

urlpatterns: list[URLPattern] = [
    path("papers/briefings/", views.list_due, name="briefings"),
    path("papers/<int:paper>/public/", views.prepare_public, name="briefing-public"),
    path("papers/<int:paper>/public/pictures/<int:place>/", views.look_at_picture, name="briefing-picture"),
    path("papers/<int:paper>/public/pictures/<int:place>/<str:sort>.jpg", views.send_picture, name="briefing-photo"),
    path("papers/<int:paper>/public/<int:version>/<str:sort>", views.send_public_file, name="briefing-public-file"),
]
