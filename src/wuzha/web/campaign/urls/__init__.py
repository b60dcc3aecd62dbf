"""The campaign's pages, one file of routes per room."""

from wuzha.web.campaign.urls import (
    burden,
    calendar,
    diff,
    evidence,
    kinds,
    lint,
    papers,
    phone,
    phone_data,
    plans,
    queue_file,
    records,
    roads,
    rounds,
    sheets,
    standings,
    supervision,
    waivers,
)

app_name = "campaign"
urlpatterns = [
    *standings.urlpatterns,
    *plans.urlpatterns,
    *lint.urlpatterns,
    *phone.urlpatterns,
    *queue_file.urlpatterns,
    *records.urlpatterns,
    *phone_data.urlpatterns,
    *sheets.urlpatterns,
    *burden.urlpatterns,
    *diff.urlpatterns,
    *evidence.urlpatterns,
    *kinds.urlpatterns,
    *roads.urlpatterns,
    *rounds.urlpatterns,
    *calendar.urlpatterns,
    *waivers.urlpatterns,
    *papers.urlpatterns,
    *supervision.urlpatterns,
]
