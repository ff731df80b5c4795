"""What the service says it does is what it does: schemathesis asks it everything its description allows, and much that it doesn't."""

from __future__ import annotations

import json
import re
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis import Case
from starlette.types import Receive, Scope, Send

from agent.settings import Settings
from agent.web.app import create_app
from agent.web.jobs.upload import LINES

KEY = re.compile(r"[!-~]{1,255}")
NUMBERS = count()
FOLDER = TemporaryDirectory()  # of this process; a fixture comes too late for a test that is made for each route
SERVICE = create_app(Settings(data_dir=Path(FOLDER.name), engine="extractive", max_body_bytes=20_000))


async def from_here(scope: Scope, receive: Receive, send: Send) -> None:
    """The service, called as from this machine: without a key it serves nobody else, and schemathesis' client has no address."""
    if scope["type"] == "http":
        others = [(name, value) for name, value in scope["headers"] if name != b"host"]
        scope = {**scope, "client": ("127.0.0.1", 1), "headers": [(b"host", b"localhost"), *others]}
    await SERVICE(scope, receive, send)


# What is wrong may also be too long, and is refused for that first.
REFUSED = {
    "checks": {"negative_data_rejection": {"expected-statuses": [400, 401, 403, 404, 405, 406, 409, 413, 415, 422, 428, 429, "5xx"]}}
}
DESCRIPTION = schemathesis.openapi.from_asgi("/v1/openapi.json", from_here, config=schemathesis.Config.from_dict(REFUSED))


@schemathesis.serializer(LINES[0])
def lines(_: Any, value: object) -> bytes:
    """JSON lines are text; what isn't text can't be sent as it is."""
    return (value if isinstance(value, str) else json.dumps(value)).encode("utf-8", "replace")


@DESCRIPTION.parametrize()
@settings(max_examples=15, deadline=None, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck))
def test_every_answer_is_one_that_is_described(case: Case[Any]) -> None:
    """Status, media type, headers and body; nothing that isn't allowed is taken, and nothing makes it fail."""
    headers: dict[str, Any] = dict(case.headers or {})
    if KEY.fullmatch(headers.get("Idempotency-Key", "")):
        case.headers["Idempotency-Key"] = f"key-{next(NUMBERS)}"  # one that was used for another request is refused, and rightly
    if case.media_type == LINES[0] and not isinstance(case.body, str):
        return  # on its way it would become text, and that is allowed
    answer = case.call_and_validate()
    assert not re.search(r'"code": ?"(unauthorized|forbidden|host_not_allowed)"', answer.text), "the door let nobody in: nothing was tested"
