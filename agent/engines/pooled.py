"""What the SDK sends by: httpx's way to aiohttp, with a pool in which no answer's copy waits for the next request.

Apart from direct.py because httpx is imported no sooner than something is asked again.
"""

from __future__ import annotations

import ssl

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from agent.engines.direct import Pool


def sdk_transport(trust: ssl.SSLContext | bool, limits: httpx.Limits, proxy: str | None) -> httpx.AsyncBaseTransport:  # noqa: FBT001  httpx's
    """A transport for the event loop that runs; `limits` must have a number of connections, and `proxy` is an address."""
    transport = AiohttpTransport(verify=trust, limits=limits, proxy=httpx.Proxy(proxy) if proxy else None)
    transport.client = lambda: aiohttp.ClientSession(
        connector=Pool(limit=limits.max_connections or 1, ssl=transport.ssl_context, keepalive_timeout=limits.keepalive_expiry)
    )
    return transport
