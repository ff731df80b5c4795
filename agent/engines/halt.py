"""The brake that every request passes: once it is pulled, an engine sends nothing more."""

from __future__ import annotations

from agent.errors import CallsStopped


class Halt:
    """Pulled by whoever can't use further answers, since a re-ask or a retry of an article in flight would be paid for too."""

    def __init__(self) -> None:
        self._why: str | None = None

    def pull(self, why: str) -> None:
        """From now on `check` raises."""
        self._why = why

    def check(self) -> None:
        """Raise CallsStopped when no further request may be sent."""
        if self._why is not None:
            raise CallsStopped(self._why)
