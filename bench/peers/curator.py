"""bespokelabs-curator over the same articles, in a virtual environment of its own. It imports nothing of this project.

    python curator.py BASE_URL ARTICLES.jsonl SYSTEM.txt FOLDER IN_FLIGHT

Prints JSON: CPU seconds from the first row on, start-up left out, and how many rows came back.
"""

import json
import os
import sys
import time
from importlib.util import find_spec
from pathlib import Path

base_url, articles, system, folder, in_flight = sys.argv[1:]
os.environ |= {
    "CURATOR_CACHE_DIR": folder,
    "CURATOR_DISABLE_RICH_DISPLAY": "1",
    "TELEMETRY_ENABLED": "0",
    "CURATOR_VIEWER": "0",
    "HOSTED_CURATOR_VIEWER": "0",
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "OPENAI_API_KEY": "sk-bench",
}
# Its tokeniser loads a table from the network; litellm, which it depends on, has the same one among its files.
if (litellm := find_spec("litellm")) is not None and litellm.submodule_search_locations:
    os.environ["TIKTOKEN_CACHE_DIR"] = str(Path(litellm.submodule_search_locations[0]) / "litellm_core_utils" / "tokenizers")

from bespokelabs import curator  # noqa: E402  its settings are read at import
from bespokelabs.curator.request_processor.online.openai_online_request_processor import OpenAIOnlineRequestProcessor  # noqa: E402
from pydantic import BaseModel  # noqa: E402

# At each run it asks the model for a trial answer of another form, which the server has none of; nobody is charged for that here.
OpenAIOnlineRequestProcessor.check_structured_output_support = lambda _: True


class Reason(BaseModel):
    """A label and why."""

    reason: str
    label: str


class Rating(BaseModel):
    """A level and why."""

    reason: str
    level: int


class Impact(BaseModel):
    """Five of them."""

    materiality: Rating
    breadth: Rating
    surprise: Rating
    immediacy: Rating
    certainty: Rating


class Entity(BaseModel):
    """Who the news is about."""

    name: str
    kind: str
    quotes: list[str]
    relevance: str
    reason: str
    sentiment: str


class Draft(BaseModel):
    """The same fields as the project's."""

    entities: list[Entity]
    topics: list[str]
    impact: Impact
    overall: Reason
    abstain_because: str | None
    summary: str
    analysis: str


class Cards(curator.LLM):
    """One card a row."""

    response_format = Draft

    def prompt(self, row: dict) -> list[dict]:
        """System and article, as the project has them."""
        return [{"role": "system", "content": SYSTEM}, {"role": "user", "content": row["user"]}]

    def parse(self, row: dict, response: Draft) -> dict:
        """What is kept."""
        return {"id": row["id"], "draft": response.model_dump_json()}


SYSTEM = Path(system).read_text("utf-8")


def main() -> None:
    """Run and print."""
    rows = [json.loads(line) for line in Path(articles).read_text("utf-8").splitlines()]
    cards = Cards(
        model_name="gpt-4o-mini",
        backend="openai",
        backend_params={
            "base_url": base_url,
            "max_requests_per_minute": 10_000_000,
            "max_tokens_per_minute": 10_000_000_000,
            "max_concurrent_requests": int(in_flight),
            "request_timeout": 60,
        },
    )
    cards(rows[:20])
    began, wall = time.process_time(), time.perf_counter()
    made = cards(rows[20:])
    dataset = getattr(made, "dataset", made)
    print(json.dumps({"cpu_s": time.process_time() - began, "wall_s": time.perf_counter() - wall, "articles": len(dataset)}))


main()
