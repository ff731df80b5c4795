"""The runs of one job: a service that was changed while a job waited goes on in a run directory of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from agent.batch.folder import MANIFEST, refuse_another
from agent.batch.reading import Runs
from agent.batch.rows import Total
from agent.batch.segments import lines
from agent.errors import RunRefused
from agent.web.jobs.book import MOST_RUNS, Counts, Job, JobBook


def runs_for(book: JobBook, job: Job, fingerprint: Mapping[str, str]) -> list[Path]:
    """The job's run directories; the last one is this service's. One of another service (other model, prompt, version) stays as it is."""
    runs = book.runs(job)
    if (runs[-1] / MANIFEST).exists():
        try:
            refuse_another(runs[-1], fingerprint)
        except RunRefused:
            if len(runs) == MOST_RUNS:
                raise
            runs.append(runs[-1].with_name(f"run-{len(runs)}"))
    return runs


def counts_on_disk(paths: Sequence[Path]) -> Counts:
    """What the run directories that were begun came to; nothing where they can't be read, which is told when the job is gone on with."""
    try:
        return counts_of(Runs([path for path in paths if (path / MANIFEST).exists()]))
    except RunRefused:
        return Counts()


def counts_of(runs: Runs) -> Counts:
    """What they came to."""
    total = Total()
    for path in runs.paths:
        for line in lines(path / "rows"):
            total.add(line.head.spent)
    return Counts(cards=runs.cards, failed=runs.failed, cost_usd=total.spent.cost_usd)
