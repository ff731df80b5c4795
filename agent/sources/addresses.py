"""What a host's name means, and which of the internet's addresses are anybody's to read."""

from __future__ import annotations

import ipaddress
import socket

_UNICAST = ipaddress.ip_network("2000::/3")
"""All of IPv6 that is given out to the public. What lies outside is local, reserved, or an IPv4 address in disguise."""
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_RELAYS = ipaddress.ip_network("192.88.99.0/24")
"""Deprecated by RFC 7526; routers near by answer to it."""
_ISATAP = 0x5EFE


def resolve(host: str, port: int) -> list[str]:
    """The IP addresses of `host`, in the order in which they should be tried. Raises OSError."""
    return list(dict.fromkeys(str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet's, the IPv4 address that it may wrap included.

    Loopback, private, shared, link-local, site-local, multicast, documentation and reserved ranges aren't, in either version.
    """
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv4Address):
        return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip in _RELAYS)
    nat64 = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else None
    if mapped := ip.ipv4_mapped or nat64:
        return is_public(str(mapped))
    if ip not in _UNICAST or not ip.is_global:
        return False
    tunnelled = ip.sixtofour or _isatap(ip)
    return tunnelled is None or is_public(str(tunnelled))


def _isatap(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address of an interface identifier that RFC 5214 forms, with the universal bit or without."""
    identifier = int(ip) & 0xFFFFFFFF_FFFFFFFF
    return ipaddress.IPv4Address(identifier & 0xFFFFFFFF) if (identifier >> 32) & ~0x0200_0000 == _ISATAP else None
