"""The addresses of measures and their ladder."""

from django.urls import URLPattern, path

from wuzha.web.campaign.views import measures as views

urlpatterns: list[URLPattern] = [
    path("supervision/ladder/", views.show_ladder, name="ladder"),
    path("supervision/give/", views.start_measure, name="measure-new"),
    path("supervision/measures/<int:measure>/", views.show_measure, name="measure"),
    path("papers/<int:paper>/answer/", views.answer_paper, name="paper-answer"),
    path("papers/<int:paper>/decide/", views.decide_measure, name="measure-decide"),
]
