"""The addresses of records as files: in, out, and empty."""

from django.urls import URLPattern, path

from wuzha.web.campaign.views import sheets as views

urlpatterns: list[URLPattern] = [
    path("records/import/", views.upload_records, name="records-import"),
    path("records/import/preview/", views.preview_records, name="records-preview"),
    path("records/import/confirm/", views.confirm_records, name="records-confirm"),
    path("records/import/drop/", views.drop_records, name="records-drop"),
    path("records/import/reasons/", views.download_reasons, name="records-reasons"),
    path("records/template.xlsx", views.download_template, name="records-template"),
    path("records/template.csv", views.download_csv_template, name="records-template-csv"),
    path("records/export.xlsx", views.export_xlsx, name="records-xlsx"),
    path("records/export.csv", views.export_csv, name="records-csv"),
]
