"""What the engine's tests share."""

from __future__ import annotations

import os
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from agent.engines.llm import LLMEngine
from agent.pacing import Pacer
from agent.prompts import load_prompts
from tests.engines.samples import a_settings, no_sleep
from tests.faults.server import FaultServer
from tests.pacing.clocks import skipping

MakeEngine = Callable[..., LLMEngine]


@pytest.fixture
async def make_engine(fault_server: FaultServer) -> AsyncIterator[MakeEngine]:
    """`make_engine(**settings)`: an engine for the fault server. Waits are skipped: they pass at once, and the pacer's clock with them."""
    engines: list[LLMEngine] = []

    def make(**settings: Any) -> LLMEngine:
        own = {name: settings.pop(name) for name in ("budget", "http_client") if name in settings}
        clock = skipping(settings.pop("sleep", no_sleep), settings.pop("random", 0.5))
        made = a_settings(settings.pop("base_url", fault_server.base_url), **settings)
        engines.append(LLMEngine(made, load_prompts(), pacer=Pacer.from_settings(made, clock), **own))
        return engines[-1]

    yield make
    for engine in engines:
        await engine.aclose()


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A server's side of TLS at 127.0.0.1, whose certificate the engine trusts."""
    if shutil.which("openssl") is None:
        if os.environ.get("CI"):
            pytest.fail("openssl isn't installed")
        pytest.skip("openssl isn't installed")
    names = ("-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1")
    made = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", "key.pem", "-out", "cert.pem", *names)
    subprocess.run(made, cwd=tmp_path, check=True, capture_output=True)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    return context
