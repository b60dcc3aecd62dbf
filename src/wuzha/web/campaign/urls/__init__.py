"""The campaign's pages, one file of routes per room."""

from wuzha.web.campaign.urls import lint, plans, records, standings

app_name = "campaign"
urlpatterns = [*standings.urlpatterns, *plans.urlpatterns, *lint.urlpatterns, *records.urlpatterns]
