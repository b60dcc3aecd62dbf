"""The addresses of titles."""

from django.urls import URLPattern, path

from wuzha.web.campaign.views import titles as views

urlpatterns: list[URLPattern] = [
    path("titles/", views.show_programs, name="titles"),
    path("titles/new/", views.set_up_program, name="title-new"),
    path("titles/<int:pk>/", views.show_program, name="title"),
    path("titles/<int:pk>/criteria/", views.show_criteria, name="title-criteria"),
    path("titles/<int:pk>/units/", views.show_units, name="title-units"),
    path("titles/<int:pk>/units/<str:code>/", views.show_unit, name="title-unit"),
    path("titles/<int:pk>/units/<str:code>/criteria/<str:duty_id>/", views.show_criterion, name="title-criterion"),
    path("titles/<int:pk>/units/<str:code>/<str:what>/", views.take_step, name="title-step"),
]
