"""`python -m evals.goldset`: checks every gold card, and prints how they are spread and how far the two labellings agree."""

import sys

from evals.extra import require_extra
from evals.goldset.datasheet import datasheet
from evals.goldset.whole import faults


def main() -> int:
    """Print the tables, then the faults; 1 when there is a fault."""
    require_extra()
    found = faults()
    sys.stdout.write(f"{datasheet()}\n\n" + ("".join(f"{fault}\n" for fault in found) or "no fault found\n"))
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
