"""Jobs, the files that they leave, and who is at work. None of it is anybody's record: it is gone after some days."""

from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Job(models.Model):
    """What a person asked for, and how it stands.

    ``key`` tells the same wish from another: there is one unfinished job a key, so that pressing twice asks once.
    ``worker`` holds it until ``leased_until``; if it is not finished or held on to by then, the next one takes it.
    ``answer`` is what the work told at its end: for the page, never for the database.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waits its turn")
        RUNNING = "running", _("being done")
        DONE = "done", _("done")
        FAILED = "failed", _("not done")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    asked: Any = models.JSONField(default=dict)
    title = models.CharField(max_length=200)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    worker = models.CharField(max_length=80, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    answer: Any = models.JSONField(default=dict)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-asked_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("key",), condition=Q(state__in=("waiting", "running")), name="one_unfinished_job_a_key"
            ),
            models.CheckConstraint(
                condition=~Q(state="running") | (Q(leased_until__isnull=False) & ~Q(worker="")),
                name="a_running_job_is_held_by_somebody",
            ),
        )
        indexes = (models.Index(fields=("state", "due_at"), name="jobs_by_turn"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.WAITING, self.State.RUNNING)


class JobPiece(models.Model):
    """A part of the file that an attempt made. Only those of the attempt that finished are ever sent."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="pieces")
    attempt = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        ordering = ("job", "attempt", "number")
        constraints = (
            models.UniqueConstraint(fields=("job", "attempt", "number"), name="one_piece_a_place_of_an_attempt"),
        )

    def __str__(self) -> str:
        return f"{self.job_id} {self.number}"


class Worker(models.Model):
    """A process that does jobs, as it last said itself. ``is_inside`` is one beside the pages of ``wuzha serve``."""

    name = models.CharField(max_length=80, primary_key=True)
    is_inside = models.BooleanField()
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
