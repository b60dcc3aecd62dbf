"""The campaign's pages, one file of routes per room."""

from wuzha.web.campaign.urls import burden, diff, lint, plans, records, standings

app_name = "campaign"
urlpatterns = [
    *standings.urlpatterns,
    *plans.urlpatterns,
    *lint.urlpatterns,
    *records.urlpatterns,
    *burden.urlpatterns,
    *diff.urlpatterns,
]
