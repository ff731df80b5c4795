"""`python -m evals`: the same as `newscard eval`."""

import sys

from agent.cli import main

if __name__ == "__main__":
    main(["eval", *sys.argv[1:]])
