"""Whose request it is, past the proxies that the operator trusts."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest


@lru_cache(maxsize=8)
def networks(listed: tuple[str, ...]) -> list[IPv4Network | IPv6Network]:
    """The trusted proxies; raises ``ImproperlyConfigured`` on what is neither an address nor a network."""
    try:
        return [ip_network(item, strict=False) for item in listed]
    except ValueError as error:
        raise ImproperlyConfigured(f"TRUSTED_PROXIES: {error}") from error


def client_address(request: HttpRequest) -> str:
    """The address that the request came from: the connection's own, or, when that is a trusted proxy, the last one in
    X-Forwarded-For that is not (what stands before it, anybody may have written). IPv6 counts by its /64, since one
    subscriber has as many addresses as wanted below that."""
    trusted = networks(tuple(settings.TRUSTED_PROXIES))
    hops = [request.META.get("REMOTE_ADDR", "")]
    hops += [hop.strip() for hop in reversed(request.headers.get("X-Forwarded-For", "").split(","))]
    found = hops[0]
    for hop in hops:
        try:
            address = unmapped(ip_address(hop))
        except ValueError:
            break
        found = counted(address)
        if not any(address in network for network in trusted):
            break
    return found


def unmapped(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """An IPv4 address that a dual-stack socket shows as IPv6 (::ffff:a.b.c.d), as itself."""
    return getattr(address, "ipv4_mapped", None) or address


def counted(address: IPv4Address | IPv6Address) -> str:
    """The address as it counts for limits."""
    if address.version == 6:
        return str(ip_network(f"{address}/64", strict=False))
    return str(address)
