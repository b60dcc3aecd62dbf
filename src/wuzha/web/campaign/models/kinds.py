"""Kinds of record that a county has added. Entries are only added; a later one replaces those before it."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wuzha.core.ledger.record import Detail, RecordKind
from wuzha.web.accounts.models import Unit, User
from wuzha.web.accounts.typed import TypedChar, TypedJson

# What stands in a row as the core knows it.
TOLD = ("code", "title", "title_en", "shape", "covers", "minutes", "sentence", "sentence_en")


class OwnKind(models.Model):
    """What a kind of a county's own is from a day on, at its unit and below.

    The entry of a closed kind says until when it was offered. ``covers`` names the population that its records reach.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="own_kinds")
    code = models.CharField(_("code"), max_length=40)
    title = TypedChar(_("title"), max_length=40)
    title_en = TypedChar(max_length=60)
    shape = models.CharField(max_length=10)
    asks = models.JSONField(default=list)
    details = TypedJson(default=list)
    counts = TypedJson(default=list)
    covers = models.CharField(max_length=20, blank=True)
    minutes = models.PositiveIntegerField(_("minutes a record"))
    sentence = TypedChar(max_length=200, blank=True)
    sentence_en = TypedChar(max_length=200, blank=True)
    is_closed = models.BooleanField(default=False)
    valid_from = models.DateField(_("from"))
    reason = TypedChar(_("reason"), max_length=200)
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(condition=~Q(reason=""), name="an_own_kind_has_a_reason"),
            models.CheckConstraint(condition=~Q(title="") & ~Q(code=""), name="an_own_kind_has_a_name"),
        )
        indexes = (models.Index(fields=("code",), name="own_kind_by_code"),)

    def __str__(self) -> str:
        return f"{self.code} {self.title} ({self.valid_from})"

    def to_core(self) -> RecordKind:
        told: dict[str, Any] = {name: getattr(self, name) for name in TOLD}
        countable = tuple(self.counts) or ("quantity",)
        return RecordKind(
            **told,
            asks=tuple(self.asks),
            counts=countable[0],
            countable=countable,
            details=tuple(Detail(*detail) for detail in self.details),
            within=self.unit.path,
            closed_on=self.valid_from if self.is_closed else None,
        )
