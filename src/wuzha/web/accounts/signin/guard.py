"""What is counted when somebody tries to come in."""

from django.http import HttpRequest

from wuzha.web.accounts.models import User
from wuzha.web.accounts.signin.address import read_address, widen
from wuzha.web.accounts.signin.devices import find_device
from wuzha.web.accounts.signin.patience import PLACE_STEPS, Counter, fold_name, make_key


def list_counters(request: HttpRequest, username: str) -> tuple[Counter, ...]:
    """On a device that knows the person, that device alone; elsewhere the account from this address, and the address.

    The first is what the audit log calls the try by.
    """
    name, place = fold_name(username), widen(read_address(request))
    device = find_device(request, username)
    if device:
        return (Counter(make_key("device", name, device)),)
    return Counter(make_key("from", name, place)), Counter(make_key("place", place), PLACE_STEPS)


def list_second_counters(request: HttpRequest, user: User) -> tuple[Counter, ...]:
    """Six digits can be guessed by many machines together: whoever knows the password is counted wherever they are,
    but not together with a device that knows the person."""
    device = find_device(request, user.username)
    return (Counter(make_key("second", user.pk, device)),)


def list_place_counters(request: HttpRequest) -> tuple[Counter, ...]:
    """For tries that name nobody."""
    return (Counter(make_key("place", widen(read_address(request))), PLACE_STEPS),)
