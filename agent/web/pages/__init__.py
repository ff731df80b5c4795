"""The HTML pages: rendered here, usable without JavaScript, better with it. Nothing of a card or an article reaches them as markup.

rendering.py   templates to responses, and the static files
filters.py     which cards the reader wants, as the address has it
listing.py     the news list
evidence.py    a card's prose, its claims, and where they stand in the article
reading.py     the card page
making.py      the page to make a card
"""

from __future__ import annotations

from fastapi import APIRouter

from agent.web.pages import listing, making, reading, rendering

router = APIRouter(include_in_schema=False)
for part in (listing, reading, making, rendering):
    router.include_router(part.router)
