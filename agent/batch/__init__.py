"""Articles by the million: durable runs, resumable, one call a story."""
