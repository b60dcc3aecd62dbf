"""The address of a phone's queue as a file."""

from django.urls import URLPattern, path

from wuzha.web.campaign.views import queue_file as views

urlpatterns: list[URLPattern] = [path("records/queue-file/", views.take_in_queue, name="queue-file")]
