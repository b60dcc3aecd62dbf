"""The addresses of papers."""

from django.urls import URLPattern, path

from wuzha.web.campaign.views import papers as views

urlpatterns: list[URLPattern] = [
    path("papers/", views.list_papers, name="papers"),
    path("papers/new/", views.start_paper, name="paper-new"),
    path("papers/drafts/<uuid:draft>/", views.show_draft, name="paper-draft"),
    path("papers/drafts/<uuid:draft>/discard/", views.discard_draft, name="paper-discard"),
    path("papers/drafts/<uuid:draft>/issue/", views.issue_draft, name="paper-issue"),
    path("papers/<int:paper>/", views.show_paper, name="paper"),
    path("papers/<int:paper>/restate/", views.restate_paper, name="paper-restate"),
    path("papers/<int:paper>/files/<str:sort>", views.send_file, name="paper-file"),
]
