"""How a card looks: `words.py` says it, `terminal.py` and `page.py` lay it out. Nothing here decides or repairs anything."""
