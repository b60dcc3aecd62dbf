"""Who reads the audit log, and how much of it: what was done by whom they look after, and to what stands below them.

An entry belongs to the units at which whoever did it held a post on that day, and to the unit of what it was done to;
with each of these to all units above. It goes on belonging there when the tree changes later.
"""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.http import Http404

from wuzha.web.accounts.access import hold_posts
from wuzha.web.accounts.models import AuditEntry, AuditPlace, Unit, User
from wuzha.web.accounts.roles import Power


@dataclass(frozen=True, slots=True)
class Scope:
    """The highest units whose log somebody reads; at the root that is ``everything``."""

    units: tuple[Unit, ...]
    everything: bool

    def opens(self, entry: AuditEntry) -> bool:
        if self.everything:
            return True
        return AuditPlace.objects.filter(entry=entry, unit__in=self.units).exists()


def find_scope(user: User, on: date) -> Scope | None:
    """How much of the log the person reads; none for somebody who reads none of it."""
    found: list[Unit] = []
    for post in hold_posts(user, on, Power.AUDIT):
        # Somebody of one line among several bodies does not look after the area, and its log is not theirs to read.
        if not post.line and not any(post.unit.path.startswith(unit.path) for unit in found):
            found.append(post.unit)
    if not found:
        return None
    return Scope(tuple(found), any(unit.parent_id is None for unit in found))


def get_scope(user: User, on: date) -> Scope:
    """The same; raises ``PermissionDenied`` where there is none."""
    scope = find_scope(user, on)
    if scope is None:
        raise PermissionDenied
    return scope


def get_entry(user: User, number: int, on: date) -> AuditEntry:
    """The entry, if it is in sight. Raises ``Http404`` otherwise, whether there is one or not."""
    scope = find_scope(user, on)
    entry = AuditEntry.objects.select_related("actor").filter(pk=number).first() if number < 1 << 63 else None
    if entry is None or scope is None or not scope.opens(entry):
        raise Http404
    return entry
