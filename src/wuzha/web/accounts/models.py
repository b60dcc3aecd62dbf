"""People, their posts, and the units whose duties they answer for. Fields and constraints only; rules live in core."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wuzha.core.base import unit as core
from wuzha.web.accounts.request_id import read_request_id
from wuzha.web.accounts.typed import TypedChar

UNIT_KIND_CHOICES = tuple(core.UNIT_KINDS.items())
LINE_CHOICES = tuple(core.LINES.items())


@dataclass(frozen=True, slots=True)
class Sight:
    """What narrows a person's posts in one request: the ``post`` that they chose to act as, by its number, and the
    ``roles`` that the page is for. None narrows nothing."""

    post: int | None = None
    roles: tuple[str, ...] | None = None


class User(AbstractUser):
    """A person who logs in. What they may see comes from their posts alone."""

    display_name = TypedChar(_("name"), max_length=60, blank=True)
    sight = Sight()
    """As which of their posts they act in this request, and what its page asks for; not kept."""
    posts_held: "Sequence[Post]" = ()
    """Their posts in force as this request found them, whichever they chose; not kept."""
    posts_on: date | None = None
    """The day on which those posts were found in force; none where nobody has asked yet."""

    def __str__(self) -> str:
        return self.display_name or self.username

    @property
    def posts_acting(self) -> "Sequence[Post]":
        """Those of the posts held that they act in: all, or the one they chose."""
        return [post for post in self.posts_held if self.sight.post in (None, post.pk)]

    def tell_deputed(self) -> dict[str, list[str]]:
        """For the audit log: whose posts they may be standing in for, of those that they act in."""
        deputed = [post for post in self.posts_acting if post.deputy_of is not None]
        names = [f"{post.unit.code} {post.role} {post.deputy_of.user.username}" for post in deputed if post.deputy_of]
        return {"deputy_for": names} if names else {}

    @property
    def acting_post(self) -> "Post | None":
        """The one they chose; none where they act in all."""
        return next(iter(self.posts_acting), None) if self.sight.post is not None else None


class Unit(models.Model):
    """A body that bears duties, at its place in the area tree.

    ``path`` holds the codes from the root down, each closed by a slash, so that a subtree is a range of paths. It
    follows today's tree, as name, kind, line and parent do; what they were before stands in :class:`Placement`.
    """

    code = models.CharField(_("code"), max_length=32, unique=True)
    name = models.CharField(_("unit name"), max_length=120)
    kind = models.CharField(_("kind of unit"), max_length=20, choices=UNIT_KIND_CHOICES)
    line = models.CharField(_("line"), max_length=20, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=400, unique=True, editable=False)
    opens_on = models.DateField(_("opens on"), default=core.EARLIEST)
    closes_on = models.DateField(_("closes on"), default=core.LATEST)

    class Meta:
        ordering = ("path",)
        constraints = (
            models.CheckConstraint(condition=Q(closes_on__gt=models.F("opens_on")), name="unit_closes_after_it_opens"),
            models.CheckConstraint(condition=~Q(code="") & ~Q(code__contains="/"), name="unit_code_fits_a_path"),
        )

    def __str__(self) -> str:
        return self.name

    def to_core(
        self, attributes: tuple[core.Attribute, ...] = (), placements: tuple[core.Placement, ...] = ()
    ) -> core.Unit:
        parent = self.path.split("/")[-3] if self.path.count("/") > 1 else ""
        life = (self.opens_on, self.closes_on)
        return core.Unit(self.code, self.name, self.kind, parent, self.line, *life, attributes, placements=placements)


class Placement(models.Model):
    """What a unit was called, what it was and what it stood under from a day on.

    A unit that never changed has none; one that did has its whole history, from the first day on.
    """

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="placements")
    since = models.DateField()
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=UNIT_KIND_CHOICES)
    line = models.CharField(max_length=20, blank=True)
    parent = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="former_children")

    class Meta:
        ordering = ("unit", "since")
        constraints = (
            models.UniqueConstraint(fields=("unit", "since"), name="one_placement_a_unit_and_day"),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=models.F("unit")), name="unit_stands_not_below_itself"
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.since})"


class UnitChange(models.Model):
    """That a unit closed, was merged, divided, moved, renamed or became another kind: on which day, who said so, why.

    Only added. ``into`` are the units that took over from one that was merged or divided.
    """

    class Kind(models.TextChoices):
        MOVED = "moved", _("Moved")
        RENAMED = "renamed", _("Renamed")
        RECAST = "recast", _("Another kind or line")
        MERGED = "merged", _("Merged")
        SPLIT = "split", _("Divided")
        CLOSED = "closed", _("Closed")

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=10, choices=Kind)
    happened_on = models.DateField()
    reason = TypedChar(max_length=200)
    source = TypedChar(max_length=200, blank=True)
    into = models.ManyToManyField(Unit, related_name="taken_over")
    made_by = models.ForeignKey(User, models.PROTECT, related_name="unit_changes")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("happened_on", "id")

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.unit} ({self.happened_on})"


class ComingChange(models.Model):
    """A change of the tree that was entered ahead of its day. It changes nothing before that day, on which it is made.

    ``target`` is where a unit moves to or which one takes it in; ``details`` hold its new name, its new kind and line,
    or its parts by their codes. Settled, it was made, taken back by somebody with a reason, or could not be made.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting for its day")
        MADE = "made", _("made")
        WITHDRAWN = "withdrawn", _("taken back")
        FAILED = "failed", _("could not be made")

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="coming")
    kind = models.CharField(max_length=10, choices=UnitChange.Kind)
    happens_on = models.DateField()
    target = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="coming_to_it")
    details: Any = models.JSONField(default=dict, blank=True)
    reason = TypedChar(max_length=200)
    source = TypedChar(max_length=200, blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_because = TypedChar(max_length=200, blank=True)

    class Meta:
        ordering = ("happens_on", "id")
        constraints = (
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | (Q(settled_by__isnull=False) & ~Q(settled_because="")),
                name="a_coming_change_is_withdrawn_by_somebody_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", settled_at__isnull=True)
                | (~Q(state="waiting") & Q(settled_at__isnull=False)),
                name="a_coming_change_is_settled_at_a_time",
            ),
        )
        indexes = (models.Index(fields=("state", "happens_on"), name="coming_by_day"),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.unit} ({self.happens_on})"


class Attribute(models.Model):
    """A dated denominator of a unit. A new census is a new row; the old one stays good for the days before it."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="attributes")
    name = models.CharField(max_length=40)
    value = models.DecimalField(max_digits=14, decimal_places=2)
    valid_from = models.DateField()
    source = TypedChar(max_length=200, blank=True)

    class Meta:
        ordering = ("unit", "name", "valid_from")
        constraints = (
            models.UniqueConstraint(fields=("unit", "name", "valid_from"), name="one_value_a_unit_attribute_and_day"),
            models.CheckConstraint(condition=Q(value__gte=0), name="attribute_is_not_negative"),
        )

    def __str__(self) -> str:
        return f"{self.name}={self.value} ({self.valid_from})"

    def to_core(self) -> core.Attribute:
        return core.Attribute(self.name, self.valid_from, Fraction(self.value), self.source)


class Post(models.Model):
    """A user's post at a unit: it opens the unit's subtree to them, in one role, for a time.

    With a ``line`` it opens only those units of the subtree that belong to that line, and not even its own unit where
    that belongs to none. ``deputy_of`` is the post of another person for which this one stands in: it has that post's
    unit, role and line, and is in force only while that post is.
    """

    class Role(models.TextChoices):
        OFFICER = "officer", _("Campaign officer")
        SECRETARY = "secretary", _("Recorder")
        SUPERVISOR = "supervisor", _("Supervisor")
        REVIEWER = "reviewer", _("Reviewer")
        PUBLISHER = "publisher", _("Publisher")
        ANALYST = "analyst", _("Analyst")
        ADMINISTRATOR = "admin", _("Administrator")

    user = models.ForeignKey(User, models.CASCADE, related_name="posts")
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="posts")
    role = models.CharField(max_length=12, choices=Role)
    line = models.CharField(max_length=20, choices=LINE_CHOICES, blank=True, default="", db_default="")
    deputy_of = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="deputies")
    opens_on = models.DateField(default=core.EARLIEST)
    closes_on = models.DateField(default=core.LATEST)

    class Meta:
        ordering = ("user", "unit")
        constraints = (
            models.UniqueConstraint(
                fields=("user", "unit", "role", "line"), condition=Q(deputy_of=None), name="a_post_is_held_once"
            ),
            models.UniqueConstraint(
                fields=("user", "deputy_of"), condition=Q(deputy_of__isnull=False), name="a_deputy_stands_in_once"
            ),
        )

    def __str__(self) -> str:
        acted_for = f" ({self.deputy_of.user})" if self.deputy_of else ""
        return f"{self.user}{acted_for}: {self.get_role_display()}, {self.area}"

    @property
    def ends_on(self) -> date:
        """The first day on which the post is in force no more. Who stands in ends with the post they stand in for."""
        return min(self.closes_on, self.deputy_of.closes_on) if self.deputy_of else self.closes_on

    @property
    def area(self) -> str:
        """What the post is over, in words: its unit, or the units of its line there."""
        if not self.line:
            return self.unit.name
        return gettext("%(unit)s, line %(line)s") % {"unit": self.unit.name, "line": self.get_line_display()}


class ApiToken(models.Model):
    """A program's key to the interface. It opens what one post opens, for a time, and acts as the holder of the post.

    The key itself is shown once and not kept; ``digest`` is its SHA-256. A key is long and random, so that no slow
    hash is needed to keep it from being guessed.
    """

    post = models.ForeignKey(Post, models.CASCADE, related_name="tokens")
    name = TypedChar(_("what the key is for"), max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    opens_on = models.DateField()
    closes_on = models.DateField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="made_tokens")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("-made_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(closes_on__gte=models.F("opens_on")), name="token_closes_after_it_opens"
            ),
        )

    def __str__(self) -> str:
        return f"{self.name}: {self.post}"


class Upload(models.Model):
    """A file between its preview and its confirmation; each room that takes files in has its own table of them."""

    name = TypedChar(max_length=200)
    content = models.BinaryField()
    uploaded_at = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def fingerprint(self) -> str:
        """Tells one upload from the next one of the same person, which takes its row."""
        return hashlib.sha256(self.name.encode() + b"\0" + bytes(self.content)).hexdigest()


class RosterUpload(Upload):
    """A roster file. It is deleted when it is confirmed or replaced."""

    uploaded_by = models.OneToOneField(User, models.CASCADE, related_name="roster_upload")


class PeopleUpload(Upload):
    """A sheet of new people. It is deleted when it is confirmed or replaced."""

    uploaded_by = models.OneToOneField(User, models.CASCADE, related_name="people_upload")


class Invitation(models.Model):
    """A link by which a person sets their password, once. A newer one of the same person takes its place.

    The link itself is shown once and not kept; ``digest`` is the SHA-256 of the secret in it.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="invitations")
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-made_at", "-id")
        constraints = (
            models.CheckConstraint(condition=Q(expires_at__gt=models.F("made_at")), name="a_link_can_be_opened"),
        )

    def __str__(self) -> str:
        return f"{self.user} ({self.expires_at:%Y-%m-%d})"


class AuditEntry(models.Model):
    """Who did what, when, in which request. Written in the same transaction as the change itself.

    The database refuses to change one, and to delete one that no :class:`AuditCut` stands for.
    """

    action = models.CharField(max_length=60)
    # The index by actor and time answers for the key alone, too.
    actor = models.ForeignKey(User, models.PROTECT, null=True, blank=True, db_index=False)
    object_type = models.CharField(max_length=40)
    object_id = models.CharField(max_length=64)
    at = models.DateTimeField()
    details: Any = models.JSONField(default=dict)
    request = models.CharField(max_length=64, blank=True, default=read_request_id, db_default="")

    class Meta:
        ordering = ("-at", "-id")
        indexes = (
            models.Index(fields=("object_type", "object_id"), name="audit_by_object"),
            models.Index(fields=("at", "id"), name="audit_by_time"),
            models.Index(fields=("actor", "at", "id"), name="audit_by_actor"),
            models.Index(fields=("action", "at", "id"), name="audit_by_action"),
            models.Index(fields=("request",), name="audit_by_request"),
        )

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.object_type} {self.object_id}"


class AuditSeal(models.Model):
    """The digest of some entries of the audit log and of the seal before: whoever changes one breaks the chain.

    The database refuses to change or delete a seal, or to put one anywhere but behind the last.
    """

    last_id = models.BigIntegerField(unique=True)
    count = models.PositiveIntegerField()
    before = models.CharField(max_length=64, unique=True)
    digest = models.CharField(max_length=64, unique=True)
    sealed_at = models.DateTimeField()

    class Meta:
        ordering = ("last_id",)
        constraints = (models.CheckConstraint(condition=Q(count__gt=0), name="a_seal_holds_something"),)

    def __str__(self) -> str:
        return f"{self.last_id} {self.digest[:12]}"


class AuditPlace(models.Model):
    """Below which unit an entry of the audit log belongs: a row for the unit itself and for each above it but the root.

    Found out after the entry was written; made anew from it at any time. Whoever looks after a unit reads its entries
    in the order of time without a look at anybody else's.
    """

    entry = models.ForeignKey(AuditEntry, models.CASCADE, related_name="places", db_index=False)
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "-entry_id")
        constraints = (models.UniqueConstraint(fields=("entry", "unit"), name="an_entry_stands_once_at_a_unit"),)
        indexes = (models.Index(fields=("unit", "at", "entry"), name="audit_by_place"),)

    def __str__(self) -> str:
        return f"{self.entry_id} {self.unit_id}"


class AuditPlaced(models.Model):
    """One row: up to which entry the places have been found out."""

    last_id = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.last_id)


class AuditCheck(models.Model):
    """That the whole chain of seals was computed anew, when, and what came of it. Only added.

    ``last_id`` is the last entry behind a seal that held; ``broken_from`` and ``broken_to`` are the entries between
    which something is not as it was sealed, where there is such a place.
    """

    checked_at = models.DateTimeField()
    last_id = models.BigIntegerField()
    entries = models.PositiveBigIntegerField()
    seals = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64, blank=True)
    broken_from = models.BigIntegerField(null=True, blank=True)
    broken_to = models.BigIntegerField(null=True, blank=True)
    knows_expected = models.BooleanField(default=True)

    class Meta:
        ordering = ("-checked_at", "-id")

    def __str__(self) -> str:
        return f"{self.checked_at:%Y-%m-%d %H:%M} {self.digest[:12]}"


class AuditCut(models.Model):
    """Stands for entries that were kept as long as they had to be and then deleted: how many, of when, their digest.

    It ends where a seal ends and begins behind the cut before, or at the beginning; ``digest`` is that seal's.
    """

    last_id = models.BigIntegerField(unique=True)
    count = models.PositiveBigIntegerField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    digest = models.CharField(max_length=64, unique=True)
    cut_at = models.DateTimeField()

    class Meta:
        ordering = ("last_id",)
        constraints = (
            models.CheckConstraint(condition=Q(count__gt=0), name="a_cut_stands_for_something"),
            models.CheckConstraint(condition=Q(last_at__gte=models.F("first_at")), name="a_cut_goes_forward"),
        )

    def __str__(self) -> str:
        return f"{self.last_id} {self.digest[:12]}"
