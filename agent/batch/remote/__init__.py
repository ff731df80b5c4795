"""Articles through the provider's Batch API: at half the price, within a day.

The way of an article is the ordinary one, only that a request's answer comes another time: whoever drafts leaves the article at the first
answer that isn't there yet (`DraftLater`), and goes through all of it again when it is.

Read in this order: lots, ledger, client, desk, engine.

RUN_DIR/remote/ledger.db        lots, what was asked in each, and where its answers are
RUN_DIR/remote/NNNNNN.jsonl     a lot's requests, byte for byte as they were sent
RUN_DIR/remote/NNNNNN.*.jsonl   its answers and its errors, as they came
"""
