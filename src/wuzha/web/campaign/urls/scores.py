"""The addresses of scorecards and scores."""

from django.urls import URLPattern, path

from wuzha.web.campaign.views import score_drafts as drafts
from wuzha.web.campaign.views import scores as views

UNIT = "scores/<int:card>/units/<str:code>/"

urlpatterns: list[URLPattern] = [
    path("scores/", views.show_scores, name="scores"),
    path("scores/new/", drafts.start_card, name="score-new"),
    path("scores/drafts/<uuid:draft>/", drafts.show_draft, name="score-draft"),
    path("scores/drafts/<uuid:draft>/adopt/", drafts.adopt_draft, name="score-adopt"),
    path("scores/drafts/<uuid:draft>/discard/", drafts.discard_draft, name="score-discard"),
    path("scores/drafts/<uuid:draft>/items/<str:item>/", drafts.show_item, name="score-draft-item"),
    path("scores/drafts/<uuid:draft>/items/<str:item>/remove/", drafts.remove_item, name="score-draft-remove"),
    path("scores/<int:card>/", views.show_card, name="score-card"),
    path("scores/<int:card>/rules/", views.show_rules, name="score-rules"),
    path("scores/<int:card>/copy/", drafts.copy_card, name="score-copy"),
    path("scores/<int:card>/figures/<str:item>/", views.show_figures, name="score-figures"),
    path(UNIT, views.show_unit_score, name="score-unit"),
    path(f"{UNIT}items/<str:item>/", views.show_item, name="score-item"),
    path(f"{UNIT}items/<str:item>/<str:act>/", views.do_act, name="score-act"),
]
