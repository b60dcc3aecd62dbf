"""Who may open a masked number, ring a colleague, and look after personal data."""

from datetime import date

from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from wuzha.web.accounts.access import has_role, list_posts, opens_unit
from wuzha.web.accounts.models import Post, Unit, User
from wuzha.web.accounts.roles import Role
from wuzha.web.personal.models import Departure, LegalHold, PersonContact
from wuzha.web.personal.retention import BY_KIND, Rule

# Whoever answers for a unit may open its numbers. Watching, counting, publishing, running the site: no.
REVEALERS = (Role.OFFICER, Role.REVIEWER)
# Whoever looks after accounts rings people, too.
RINGERS = (*REVEALERS, Role.ADMINISTRATOR)
KEEPERS = (Role.OFFICER, Role.ADMINISTRATOR)


def may_reveal(user: User, unit: Unit, on: date) -> bool:
    """Whether the person may open the numbers in the texts of that unit."""
    return has_role(user, unit, on, *REVEALERS)


def demand_reveal(user: User, unit: Unit, on: date) -> None:
    """Raises ``PermissionDenied`` for everybody else; the caller has made sure that the unit is in sight."""
    if not may_reveal(user, unit, on):
        raise PermissionDenied


def is_keeper(user: User, on: date) -> bool:
    """Officers and administrators of the whole installation look after holds, clocks and what people ask for."""
    return list_posts(user, on).filter(role__in=KEEPERS, unit__parent=None, line="").exists()


def demand_keeper(user: User, on: date) -> None:
    """Raises ``PermissionDenied`` for everybody else."""
    if not is_keeper(user, on):
        raise PermissionDenied


def get_person(user: User, number: int, on: date) -> User:
    """The person, if the asker may ring them: themselves, or one with a post at or below where the asker looks after
    people. Raises ``Http404`` for any other."""
    condition = Q(pk=user.pk)
    for post in list_posts(user, on).filter(role__in=RINGERS):
        below = Post.objects.filter(opens_unit(post, "unit")).values("user")
        condition |= Q(pk__in=below)
    person = User.objects.filter(condition, pk=number).first()
    if person is None:
        raise Http404
    return person


def find_contact(person: User) -> PersonContact | None:
    """The number of the person, if one has been left; whoever asks has been let in to the person."""
    return PersonContact.objects.select_related("user").filter(user=person).exclude(phone="").first()


def may_change_contact(user: User, person: User, on: date) -> bool:
    """People change their own number; whoever appoints somebody may put it in for them."""
    if user.pk == person.pk:
        return True
    posts = Post.objects.filter(user=person, closes_on__gt=on).select_related("unit")
    return any(has_role(user, post.unit, on, *KEEPERS) for post in posts)


def get_subject(user: User, number: int, on: date) -> User:
    """The person about whom everything may be had: oneself, and for keepers anybody. Raises ``Http404`` otherwise."""
    if user.pk != number and not is_keeper(user, on):
        raise Http404
    return get_object_or_404(User, pk=number)


def find_departure(person: User) -> Departure | None:
    return Departure.objects.filter(user=person).first()


def get_departure(user: User, number: int, on: date) -> Departure:
    """By the number that stands in the name's place. Raises ``Http404``, also for who keeps nothing."""
    _hide_from_others(user, on)
    return get_object_or_404(Departure, number=number)


def _hide_from_others(user: User, on: date) -> None:
    if not is_keeper(user, on):
        raise Http404


def list_holds() -> QuerySet[LegalHold]:
    """All holds, the last first; the caller has demanded a keeper."""
    return LegalHold.objects.select_related("unit", "made_by", "lifted_by")


def get_hold(user: User, number: int, on: date) -> LegalHold:
    """Raises ``Http404``, also for who keeps nothing."""
    _hide_from_others(user, on)
    return get_object_or_404(LegalHold, pk=number)


def get_rule(user: User, kind: str, on: date) -> Rule:
    """The clock of a kind. Raises ``Http404``, also for who keeps nothing."""
    _hide_from_others(user, on)
    if kind not in BY_KIND:
        raise Http404
    return BY_KIND[kind]


def find_held(what: str, number: str) -> tuple[Unit | None, tuple[str, str]]:
    """The unit of that code, or the table and key of the object; neither where there is none."""
    if "\0" in number:
        return None, ("", "")
    if what == "unit":
        return Unit.objects.filter(code=number).first(), ("", "")
    if what == "person":
        person = User.objects.filter(username=number).first()
        return None, ("person", str(person.pk)) if person else ("", "")
    try:
        found = apps.get_model("campaign", what)._default_manager.filter(pk=number).first()
    except (ValueError, ValidationError):
        found = None
    return None, (what, str(found.pk)) if found else ("", "")
