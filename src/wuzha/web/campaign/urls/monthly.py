"""The addresses of the monthly tables."""

from django.urls import URLPattern, path

from wuzha.web.campaign.views import monthly as views

urlpatterns: list[URLPattern] = [
    path("papers/monthly/", views.list_tables, name="tables"),
    path("papers/monthly/<int:call>/", views.show_table, name="table"),
    path("papers/monthly/<int:call>/issue/", views.issue_table, name="table-issue"),
    path("papers/monthly/<int:call>/draft/<str:sort>", views.send_draft, name="table-draft"),
    path("papers/monthly/<int:call>/sheets/", views.import_sheet, name="table-import"),
    path("papers/monthly/<int:call>/sheets/template.xlsx", views.send_template, name="table-template"),
    path("papers/monthly/<int:call>/sheets/confirm/", views.confirm_sheet, name="table-confirm"),
    path("papers/monthly/<int:call>/lines/<str:code>/", views.show_line, name="table-line"),
    path("papers/monthly/<int:call>/lines/<str:code>/return/", views.return_line, name="table-return"),
]
