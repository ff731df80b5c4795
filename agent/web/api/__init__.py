"""The JSON routes, one module a subject."""

from __future__ import annotations

from agent.web.api import cards, health, reference

ROUTERS = (cards.router, reference.router, health.router)
"""In the order in which the documentation shows them."""
