"""The JSON routes, one module a subject."""

from __future__ import annotations

from agent.web.api import batches, cards, health, reference

ROUTERS = (cards.router, batches.router, reference.router, health.router)
"""In the order in which the documentation shows them."""
