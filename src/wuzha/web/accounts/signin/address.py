"""The network address that a request comes from, which is believed of those in front only whom the settings name."""

from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest


def read_address(request: HttpRequest) -> str:
    """The address of whoever asked. ``X-Forwarded-For`` is read from its end, as far as servers of our own wrote it.

    Anybody can send that header. Its last entry was written by the server that spoke to us, so it is believed only
    where that one is among ``settings.PROXIES``, and the one before only where the last one is, and so on.
    """
    here = str(request.META.get("REMOTE_ADDR", ""))
    told = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    while told and is_proxy(here):
        here = told.pop()
    return here if _is_address(here) else ""


def is_proxy(address: str) -> bool:
    """Whether the settings name a server at this address as one of ours."""
    return _is_address(address) and any(
        ip_address(address) in ip_network(one, strict=False) for one in settings.PROXIES
    )


def widen(address: str) -> str:
    """What counts as one place: one address of version 4, and of version 6 the network that one household is given."""
    if not _is_address(address):
        return address
    read = ip_address(address)
    mapped = getattr(read, "ipv4_mapped", None)
    if mapped is not None:
        return str(mapped)
    return address if read.version == 4 else str(ip_network(f"{address}/64", strict=False).network_address)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return "%" not in text
