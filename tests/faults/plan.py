"""What the fault server does when: rules for single requests, outages, hidden limits, latency."""

from __future__ import annotations

import json
import random
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.faults import answers
from tests.faults.answers import Answer

SPECIAL = {"previous": "what the request before was answered", "twice": "the standing reply, sent twice"}


@dataclass
class Rule:
    """Requests that get `answer`: all conditions that are set must hold. Arrivals count from 1, both ends included."""

    answer: Answer | str
    """A name is made anew each time, so that a date in it is right; SPECIAL has two more."""
    match: re.Pattern[bytes] | None = None
    """Found in the body: an article's marker, for example."""
    arrivals: tuple[int, int] | None = None
    seconds: tuple[float, float] | None = None
    """From the server's start."""
    chance: float = 1.0
    times: int | None = None
    """It serves so many requests, then no more."""

    def holds(self, body: bytes, arrival: int, at_s: float, chance: float) -> bool:
        """Whether the request is its own; then one of its times is used up."""
        if self.times == 0 or chance >= self.chance:
            return False
        if self.arrivals and not self.arrivals[0] <= arrival <= self.arrivals[1]:
            return False
        if self.seconds and not self.seconds[0] <= at_s < self.seconds[1]:
            return False
        if self.match is not None and self.match.search(body) is None:
            return False
        if self.times is not None:
            self.times -= 1
        return True


class Bucket:
    """A limit: `per_s` come back each second, up to `most`."""

    def __init__(self, per_s: float, most: float) -> None:
        self.per_s = per_s
        self.most = most
        self.level = most
        self._at = 0.0

    def take(self, amount: float, now: float) -> bool:
        """Whether there was so much, which is gone then."""
        self.level = min(self.most, self.level + (now - self._at) * self.per_s)
        self._at = now
        if self.level < amount:
            return False
        self.level -= amount
        return True

    def headers(self, kind: str) -> str:
        """x-ratelimit headers as OpenAI writes them, each with its line end."""
        reset_s = (self.most - self.level) / self.per_s
        reset = (
            f"{reset_s * 1_000:.0f}ms"
            if reset_s < 1
            else f"{int(reset_s // 60)}m{reset_s % 60:.0f}s"
            if reset_s >= 60
            else f"{reset_s:.3f}s"
        )
        name = f"x-ratelimit-%s-{kind}: "
        return f"{name % 'limit'}{self.most:.0f}\r\n{name % 'remaining'}{int(self.level)}\r\n{name % 'reset'}{reset}\r\n"


@dataclass
class Plan:
    """All of it. With the defaults every request is answered at once with the standing reply."""

    rules: list[Rule] = field(default_factory=list)
    latency_s: float = 0.0
    jitter_s: float = 0.0
    """Either way of the latency."""
    pause_s: float = 0.0
    """Between the pieces of a streamed answer."""
    slow_start_s: float = 0.0
    """For so long after the start the endpoint answers 503, as one that loads a model does."""
    concurrent: int | None = None
    requests: Bucket | None = None
    tokens: Bucket | None = None
    wait_form: str = "s"
    """How a 429 over a hidden limit asks to wait: one of answers.WAITS."""
    wait_s: float = 1.0
    tells: bool = False
    """Whether answers carry x-ratelimit headers."""
    chance: random.Random = field(default_factory=lambda: random.Random(0))

    def verdict(self, body: bytes, arrival: int, at_s: float, in_flight: int) -> Answer | str | None:
        """What a request gets instead of the standing reply; None for that."""
        for rule in self.rules:
            if rule.holds(body, arrival, at_s, self.chance.random() if rule.chance < 1 else 0.0):
                return rule.answer
        if at_s < self.slow_start_s:
            return answers.error(503, "the model is being loaded")
        if self.concurrent is not None and in_flight > self.concurrent:
            return answers.busy(self.wait_form, self.wait_s)
        if self.requests is not None and not self.requests.take(1, at_s):
            return answers.busy(self.wait_form, self.wait_s)
        if self.tokens is not None and not self.tokens.take(len(body) // 4, at_s):
            return answers.busy(self.wait_form, self.wait_s)
        return None

    def delay_s(self) -> float:
        """How long a request that goes well takes."""
        return max(0.0, self.latency_s + self.jitter_s * (2 * self.chance.random() - 1)) if self.jitter_s else self.latency_s

    def limits(self) -> bytes:
        """The headers that tell of the limits."""
        parts = ((self.requests, "requests"), (self.tokens, "tokens"))
        return "".join(bucket.headers(kind) for bucket, kind in parts if bucket and self.tells).encode()


def read_rules(path: Path) -> list[Rule]:
    """Rules from a JSON file: a list of objects with Rule's fields; `answer` is a name, a status, or an object with Answer's fields.

    Raises ValueError that names the rule.
    """
    rules = []
    for number, row in enumerate(json.loads(path.read_text("utf-8")), 1):
        try:
            rules.append(_rule(dict(row)))
        except (TypeError, ValueError, KeyError, re.error) as exc:
            raise ValueError(f"{path}: rule {number}: {exc}") from None
    return rules


def check(name: str) -> None:
    """Raise ValueError when no answer has that name."""
    if name not in SPECIAL:
        answers.named(name)


def _rule(row: dict[str, Any]) -> Rule:
    answer = row.pop("answer")
    if isinstance(answer, dict):
        body = answer.get("body", "")
        made: Answer | str = Answer(**answer | {"body": body.encode() if isinstance(body, str) else json.dumps(body).encode()})
    else:
        made = str(answer)
        check(made)
    match = row.pop("match", None)
    ranges: dict[str, Any] = {name: tuple(row.pop(name)) for name in ("arrivals", "seconds") if name in row}
    return Rule(made, match=re.compile(match.encode()) if match else None, **ranges, **row)
