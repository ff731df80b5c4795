"""Batches that callers hand in: kept on disk before they are acknowledged, worked on behind live requests, gone on with after a restart.

    DATA_DIR/jobs/<tenant>/<id>/job.json        who handed it in, when, how many articles
                               /articles.jsonl  the articles
                               /run-0/          a run directory as `newscard batch` makes it; run-1 if the service changed since, and so on
                               /cancelled       somebody cancelled it
                               /ended.json      how it ended; without it, it is to be gone on with
    and nothing of it NEWSCARD_BATCH_DAYS after that

Read in this order: book, forgetting, upload, paging, keeping, runs, worker.
"""

from __future__ import annotations

from agent.web.jobs.book import Ended, Job, JobBook
from agent.web.jobs.worker import Jobs

__all__ = ["Ended", "Job", "JobBook", "Jobs"]
