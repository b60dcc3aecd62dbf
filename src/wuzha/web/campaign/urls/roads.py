"""The addresses of sites and roads."""

from django.urls import URLPattern, path

from wuzha.web.campaign.views import roads as views

urlpatterns: list[URLPattern] = [
    path("sites/", views.show_home_sites, name="sites"),
    path("sites/<str:code>/", views.show_sites, name="sites"),
    path("sites/<str:code>/place/", views.place_site, name="site-place"),
    path("sites/<str:code>/roads/", views.upload_roads, name="roads-upload"),
    path("sites/<str:code>/roads/preview/", views.preview_roads, name="roads-preview"),
    path("sites/<str:code>/roads/confirm/", views.confirm_roads, name="roads-confirm"),
    path("sites/<str:code>/roads/<int:number>/close/", views.close_road, name="road-close"),
]
