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

from agent.settings import Settings
from agent.web.app import create_app
from agent.web.jobs.upload import LINES

KEY = re.compile(r"[!-~]{1,255}")
NUMBERS = count()
FOLDER = TemporaryDirectory()  # of this process; a fixture comes too late for a test that is made for each route
SERVICE = create_app(Settings(data_dir=Path(FOLDER.name), engine="extractive", max_body_bytes=20_000))
DESCRIPTION = schemathesis.openapi.from_asgi("/v1/openapi.json", SERVICE)


@schemathesis.serializer(LINES[0])
def lines(_: Any, value: object) -> bytes:
    """JSON lines are text; what isn't text can't be sent as it is."""
    return (value if isinstance(value, str) else json.dumps(value)).encode("utf-8", "replace")


@DESCRIPTION.parametrize()
@settings(max_examples=15, deadline=None, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck))
def test_every_answer_is_one_that_is_described(case: Case) -> None:
    """Status, media type, headers and body; nothing that isn't allowed is taken, and nothing makes it fail."""
    if KEY.fullmatch((case.headers or {}).get("Idempotency-Key", "")):
        case.headers["Idempotency-Key"] = f"key-{next(NUMBERS)}"  # one that was used for another request is refused, and rightly
    if case.media_type == LINES[0] and not isinstance(case.body, str):
        return  # on its way it would become text, and that is allowed
    case.call_and_validate()
