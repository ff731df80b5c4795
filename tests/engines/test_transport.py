"""The thin transport: what it sends beside the body, and what it makes of trouble. The table of signals is in test_llm_signals.py."""

from __future__ import annotations

import base64

import pytest

from agent.engines.transport import NoAnswer, Transport, request_headers
from agent.engines.wire import Body
from agent.errors import UsageError
from agent.settings import Settings
from tests.engines.conftest import MakeEngine
from tests.engines.samples import DRAFT_REPLY, EXAMPLE, NOT_A_DRAFT, a_settings, no_faults
from tests.faults import answers
from tests.faults.server import FaultServer

SENT = {"organization": "org-1", "project": "proj-1", "headers": "X-Gateway: a b\nUser-Agent: ours"}


async def test_both_requests_of_an_article_carry_the_same(fault_server: FaultServer, make_engine: MakeEngine) -> None:
    """The first goes through aiohttp, the re-ask through the SDK; an endpoint sees one client."""
    fault_server.script(NOT_A_DRAFT)
    fault_server.reply(DRAFT_REPLY)
    await make_engine(**SENT).draft(EXAMPLE, no_faults)
    names = ("authorization", "content-type", "accept", "user-agent", "openai-organization", "openai-project", "x-gateway")
    first, second = ({name: request.headers.get(name) for name in names} for request in fault_server.requests)
    assert first == second
    assert (first["authorization"], first["user-agent"], first["x-gateway"]) == ("Bearer sk-test-canary-0001", "ours", "a b")


def test_the_sdks_variables_serve_where_ours_are_unset() -> None:
    """OPENAI_ORG_ID, OPENAI_PROJECT_ID and OPENAI_CUSTOM_HEADERS."""
    found = Settings.from_env({"OPENAI_ORG_ID": "o", "OPENAI_PROJECT_ID": "p", "OPENAI_CUSTOM_HEADERS": "A: b"})
    headers = request_headers(found, "k")
    assert (headers["OpenAI-Organization"], headers["OpenAI-Project"], headers["A"]) == ("o", "p", "b")


def test_a_user_in_the_address_logs_in_with_it() -> None:
    """A gateway behind basic authentication; the address itself is sent without it."""
    settings = Settings(base_url="http://me:pass%21@127.0.0.1:8/v1")
    assert request_headers(settings, "")["Authorization"] == f"Basic {base64.b64encode(b'me:pass!').decode()}"
    assert Transport(settings, "", 1)._url == "http://127.0.0.1:8/v1/chat/completions"


@pytest.mark.parametrize("line", ["X: a\x00b", "Ä: x", "a b: c", ": x"])
def test_a_header_that_cannot_be_sent_is_said_at_once(line: str) -> None:
    """And not quoted: it may be a key."""
    with pytest.raises(UsageError, match="NEWSCARD_HEADERS") as caught:
        request_headers(Settings(headers=line), "k")
    assert line not in str(caught.value)


@pytest.mark.parametrize("answer", [answers.RESET, answers.CUT_SHORT, answers.HANG], ids=["reset", "cut short", "silence"])
async def test_what_is_no_answer_is_one_error(answer: answers.Answer, fault_server: FaultServer) -> None:
    """Whatever aiohttp calls it."""
    fault_server.reply(answer)
    transport = Transport(a_settings(fault_server.base_url, timeout_s=0.2), "", 1)
    with pytest.raises(NoAnswer):
        await transport.post(Body(b"{", b"}"))
    await transport.aclose()


async def test_cookies_are_not_kept(fault_server: FaultServer) -> None:
    """Nothing of one article's exchange reaches the next."""
    fault_server.reply(answers.Answer(headers={"set-cookie": "a=b", "content-type": "application/json"}, body=b"{}"))
    transport = Transport(a_settings(fault_server.base_url), "", 1)
    for _ in range(2):
        await transport.post(Body(b"{", b"}"))
    await transport.aclose()
    assert all("cookie" not in request.headers for request in fault_server.requests)
