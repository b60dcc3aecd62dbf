"""What every page knows: the day it shows, where the person stands, and the rooms they can go to."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wuzha.core.base.unit import EARLIEST
from wuzha.web.accounts.access import find_home, may_import_roster, opens_address
from wuzha.web.accounts.clock import TimedRequest
from wuzha.web.accounts.models import User
from wuzha.web.accounts.roles import Power, list_roles

LAST_DAY = date(2099, 12, 31)


@dataclass(frozen=True, slots=True)
class Room:
    """One entry of the navigation: the name of its address, its icon, its word, and whether the phone has it too.

    ``parts`` are the names of other addresses whose pages belong to the room, ``under`` beginnings of such addresses;
    ``needs`` is what a post must allow that
    is led there at all.
    """

    address: str
    icon: str
    word: Any
    url: str = ""
    here: bool = False
    parts: tuple[str, ...] = ()
    under: tuple[str, ...] = ()
    needs: Power | None = None


DESK_ROOMS = (
    Room("campaign:today", "calendar-check", pgettext_lazy("room", "Today")),
    Room("campaign:plans", "file-earmark-text", pgettext_lazy("room", "Plans")),
    Room("campaign:standings", "table", pgettext_lazy("room", "Standings"), under=("/lines/",)),
    Room("campaign:records", "journal-text", pgettext_lazy("room", "Records")),
    Room("campaign:sites", "geo-alt", pgettext_lazy("room", "Sites")),
    Room("campaign:supervision", "list-check", pgettext_lazy("room", "Supervision"), parts=("campaign:scores",)),
    Room("campaign:papers", "printer", pgettext_lazy("room", "Papers")),
    Room("accounts:units", "diagram-3", pgettext_lazy("room", "Units")),
)
PHONE_ROOMS = (
    Room("campaign:today", "list-check", pgettext_lazy("room", "My tasks")),
    Room("campaign:record-new", "pencil-square", pgettext_lazy("room", "Record"), needs=Power.RECORD),
    Room("campaign:records", "journal-text", pgettext_lazy("room", "Records")),
    Room("accounts:me", "person", pgettext_lazy("room", "Me")),
)


def read_as_of(request: TimedRequest) -> date:
    """The day the page shows: ``?as_of=2026-03-20``, or today. Raises ``BadRequest`` with a sentence for other text."""
    text = request.GET.get("as_of", "").strip()
    return parse_as_of(text) if text else request.today


def parse_as_of(text: str) -> date:
    """A day between the earliest a unit can open and the end of the century."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadRequest(_("The day in the address is not a date. Write it like 2026-03-20.")) from None
    if not EARLIEST <= day <= LAST_DAY:
        raise BadRequest(_("The day in the address lies outside the years that can be shown, 1949 to 2099."))
    return day


def describe_place(request: TimedRequest) -> dict[str, Any]:
    """The context processor. A page that reads the as-of date itself passes its own ``as_of`` over this one."""
    today = request.today
    user = getattr(request, "user", None)
    return {
        "today": today,
        "as_of": _read_as_of_calmly(request),
        "may_begin": SimpleLazyObject(lambda: isinstance(user, User) and may_import_roster(user, today)),
        "home_unit": SimpleLazyObject(lambda: find_home(user, today)) if isinstance(user, User) else None,
        "desk_rooms": _list_rooms(request, _keep_open(user, DESK_ROOMS)),
        "phone_rooms": _list_rooms(request, _keep_open(user, PHONE_ROOMS)),
        "posts_held": user.posts_held if isinstance(user, User) else (),
        "acting_post": user.acting_post if isinstance(user, User) else None,
    }


def find_first_room(user: User) -> str:
    """The name of the address where the person's day begins."""
    return _keep_open(user, DESK_ROOMS)[0].address


def _keep_open(user: object, rooms: tuple[Room, ...]) -> tuple[Room, ...]:
    """The rooms that a post in force opens; all of them to somebody without any, who is told so in each."""
    if not isinstance(user, User):
        return rooms
    roles = {post.role for post in user.posts_acting}
    found = (room for room in rooms if room.needs is None or roles.intersection(list_roles(room.needs)))
    return tuple(room for room in found if opens_address(user, room.address))


def _read_as_of_calmly(request: TimedRequest) -> date:
    """An error page has a head too, and must not fail over the very date it complains about."""
    try:
        return read_as_of(request)
    except BadRequest:
        return request.today


def _list_rooms(request: HttpRequest, rooms: tuple[Room, ...]) -> list[Room]:
    """The rooms that this installation has, with the deepest one that holds the present page marked."""
    found = [replace(room, url=url) for room in rooms if (url := _find_url(room.address))]
    places = {url: room.url for room in found for url in (room.url, *map(_find_url, room.parts), *room.under) if url}
    inside = [url for url in places if _holds(url, request.path)]
    here = places[max(inside, key=len)] if inside else None
    return [replace(room, here=room.url == here) for room in found]


def _holds(url: str, path: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))


def _find_url(address: str) -> str:
    try:
        return reverse(address)
    except NoReverseMatch:
        return ""
