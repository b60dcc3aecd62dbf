"""The addresses of a person's own jobs."""

from django.urls import path

from wuzha.web.accounts import job_views

urlpatterns = [
    path("jobs/", job_views.list_jobs, name="jobs"),
    path("jobs/<uuid:job>/", job_views.show_job, name="job"),
    path("jobs/<uuid:job>/file", job_views.send_file, name="job-file"),
]
