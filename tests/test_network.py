"""The network is off for the test process."""

from __future__ import annotations

import asyncio
import socket

import pytest
from pytest_socket import SocketConnectBlockedError


def test_a_plain_socket_cannot_leave_this_machine() -> None:
    """192.0.2.1 is reserved for documentation: nobody is there, and nobody is asked."""
    with socket.socket() as sock, pytest.raises(SocketConnectBlockedError):
        sock.connect(("192.0.2.1", 80))


async def test_an_asynchronous_connection_cannot_either() -> None:
    """What the engines connect with: a forgotten mock can't reach a provider, nor cost anything."""
    with pytest.raises(SocketConnectBlockedError):
        await asyncio.open_connection("192.0.2.1", 443)


def test_loopback_is_open() -> None:
    """Real servers on this machine are what the tests stand on."""
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        assert client.getpeername() == server.getsockname()
