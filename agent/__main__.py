"""`python -m agent` is `newscard`."""

from agent.cli import main

if __name__ == "__main__":
    main()
