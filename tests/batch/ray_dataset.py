"""A Dataset of articles through workers, as a user's script does it: `python -m tests.batch.ray_dataset IN.parquet OUT...`."""

from __future__ import annotations

import sys

import ray

from agent.batch.ray import enrich_dataset, start


def main() -> None:
    """Parquet in, Parquet out, once for each OUT."""
    source, *targets = sys.argv[1:]
    start(None)
    for target in targets:
        enrich_dataset(ray.data.read_parquet(source), workers=2, batch_size=8).write_parquet(target)


if __name__ == "__main__":
    main()
