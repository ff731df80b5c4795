"""This machine and nobody else: who is served while there is no key."""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache

from starlette.types import Scope

from agent.web.problems import Problem

_FORWARDED = frozenset({b"forwarded", b"via", b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto", b"x-real-ip"})
_HOST = re.compile(rb"(?P<name>\[[0-9a-fA-F:.]+\]|[^:@/\[\]]+)(?::\d{1,5})?")


def check_local(scope: Scope) -> None:
    """Raise Problem unless the request comes from this machine, straight, and to a name that means this machine.

    The name matters because of DNS rebinding: a page of anybody's, open in a browser here, may call us by a name that it has made mean
    127.0.0.1, and would read our answers as its own.
    """
    client = scope.get("client")
    if client is None or not is_loopback(client[0]):
        raise Problem("forbidden", "without a key only this machine is served; make one with `newscard keys add NAME`")
    hosts = []
    for name, value in scope["headers"]:
        if name == b"host":
            hosts.append(value)
        elif name in _FORWARDED:
            said = "a proxy handed this on, and without a key only this machine is served; make one with `newscard keys add NAME`"
            raise Problem("forbidden", said)
    if len(hosts) != 1 or not _means_here(hosts[0]):
        raise Problem("host_not_allowed", "without a key the service goes by localhost, 127.0.0.1 and [::1]; use one of them")


@lru_cache(1024)
def is_loopback(host: str) -> bool:
    """Whether an address or a name means this machine."""
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback


@lru_cache(1024)
def _means_here(host: bytes) -> bool:
    found = _HOST.fullmatch(host)
    return found is not None and is_loopback(found["name"].decode("latin-1").lower().strip("[]"))
