"""The network address that a request comes from, and what counts as one place."""

from ipaddress import ip_address, ip_network

from django.http import HttpRequest


def read_address(request: HttpRequest) -> str:
    """The address of whoever asked; empty for what is none. For whom a server in front speaks is told before."""
    here = str(request.META.get("REMOTE_ADDR", ""))
    return here if _is_address(here) else ""


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
