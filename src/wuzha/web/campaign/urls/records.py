"""The addresses of records."""

from django.urls import URLPattern, path

from wuzha.web.campaign.views import records as views
from wuzha.web.campaign.views.reveal import reveal_record

urlpatterns: list[URLPattern] = [
    path("records/", views.list_records, name="records"),
    path("records/new/", views.make_record, name="record-new"),
    path("records/held/", views.list_held, name="records-held"),
    path("records/<uuid:pk>/", views.show_record, name="record"),
    path("records/<uuid:pk>/correct/", views.correct_record, name="record-correct"),
    path("records/<uuid:pk>/withdraw/", views.withdraw_record, name="record-withdraw"),
    path("records/<uuid:pk>/numbers/", reveal_record, name="record-numbers"),
]
