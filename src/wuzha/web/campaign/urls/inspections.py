"""The addresses of inspections."""

from django.urls import URLPattern, path

from wuzha.web.campaign.views import findings
from wuzha.web.campaign.views import inspections as views

urlpatterns: list[URLPattern] = [
    path("inspections/", views.list_rounds, name="inspections"),
    path("inspections/new/", views.plan_round, name="inspection-new"),
    path("inspections/checklist/", views.show_checklist, name="checklist"),
    path("inspections/findings/", findings.list_findings, name="findings"),
    path("inspections/findings/<int:pk>/", findings.show_finding, name="finding"),
    path("inspections/findings/<int:pk>/mended/", findings.report_mended, name="finding-mended"),
    path("inspections/findings/<int:pk>/say/", findings.say, name="finding-say"),
    path("inspections/findings/<int:pk>/photo/", findings.send_photo, name="finding-photo"),
    path("inspections/visits/<int:pk>/", views.show_visit, name="inspection-visit"),
    path("inspections/visits/<int:pk>/call-off/", views.call_off, name="inspection-call-off"),
    path("inspections/<int:pk>/", views.show_round, name="inspection"),
    path("inspections/<int:pk>/draw/", views.draw_round, name="inspection-draw"),
]
