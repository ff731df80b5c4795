"""How a card fares against gold, one respect a function: `(card, sample) -> Score`, one file a field.

Unscored is not zero. A field without gold, a ratio of nothing, a price nobody knows: the score's value is None, its `reason` says why.
A card that abstains where gold doesn't has missed all that a right card would list (tickers, topics, entities, facts), which counts
against it; what it would have said (labels, impact, prose) can't be scored, and the abstention scorer counts the abstention itself.
"""
