"""Who is told how the site is: everybody whether it is well; more only the machine itself, or who holds the key."""

from ipaddress import ip_address
from secrets import compare_digest

from django.conf import settings
from django.http import HttpRequest

FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_FORWARDED", "HTTP_VIA")


def may_read_details(request: HttpRequest) -> bool:
    """Whether the request holds the key of the settings, or comes from this machine and through nobody else."""
    return holds_key(request) or is_local(request)


def holds_key(request: HttpRequest) -> bool:
    """``Authorization: Bearer KEY``. Without a key in the settings nobody holds it."""
    scheme, _space, told = request.headers.get("Authorization", "").partition(" ")
    key = str(settings.HEALTH_KEY)
    return bool(key) and scheme.lower() == "bearer" and compare_digest(told.strip().encode(), key.encode())


def is_local(request: HttpRequest) -> bool:
    """A server in front on the same machine says for whom it asks, so that its visitors are not taken for local."""
    if any(request.META.get(name) for name in FORWARDED):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def may_read_metrics(request: HttpRequest) -> bool:
    """As the settings say: nobody, who holds the key, or also this machine itself."""
    match settings.METRICS:
        case "key":
            return holds_key(request)
        case "local":
            return may_read_details(request)
        case _:
            return False
