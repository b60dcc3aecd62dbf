"""A worker at the side of a test."""

from datetime import datetime

from django.utils import timezone

from wuzha.web.jobs.models import Job
from wuzha.web.jobs.worker import work_once
from wuzha.web.works import gather_crew


def do_jobs(now: datetime | None = None) -> list[Job]:
    """Everything whose turn has come, as one worker does it. Gives all jobs, the newest first."""
    crew = gather_crew(lambda: now or timezone.now(), is_inside=False)
    while work_once(crew):
        pass
    return list(Job.objects.all())
