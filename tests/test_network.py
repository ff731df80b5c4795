"""The network is off for the test process."""

from __future__ import annotations

import socket

import httpx
import pytest
from pytest_socket import SocketConnectBlockedError


def test_a_plain_socket_cannot_leave_this_machine() -> None:
    """192.0.2.1 is reserved for documentation: nobody is there, and nobody is asked."""
    with socket.socket() as sock, pytest.raises(SocketConnectBlockedError):
        sock.connect(("192.0.2.1", 80))


async def test_a_request_that_was_not_mocked_fails() -> None:
    """A forgotten mock can't reach a provider, nor cost anything."""
    async with httpx.AsyncClient() as client:
        with pytest.raises((SocketConnectBlockedError, httpx.ConnectError)):
            await client.get("http://192.0.2.1/v1/models")


def test_loopback_is_open() -> None:
    """Real servers on this machine are what the tests stand on."""
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        assert client.getpeername() == server.getsockname()
