"""`requirements.txt` and `requirements-dev.txt` say what uv.lock says, so that pip alone can install the locked versions.

`python -m tests.lock` fails when they don't; `--write` writes them.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
UV = Path(sys.executable).parent / "uv"
# `build` is in both: the project is installed with the locked build tools.
# `make demo` installs what a user of the program needs, without the evaluation.
EXPORTS = {
    "requirements.txt": ["--no-dev", "--group", "build", "--extra", "batch", "--extra", "web"],
    "requirements-dev.txt": ["--group", "dev", "--group", "build", "--extra", "all"],
}


def exported(groups: list[str]) -> str:
    """What uv.lock holds for these groups, with hashes."""
    command = [str(UV), "export", "--locked", "--offline", "--quiet", "--no-emit-project", "--no-header", "--no-annotate", *groups]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def main() -> int:
    """Compare or write; 1 when a file isn't what the lock says."""
    stale = [name for name, groups in EXPORTS.items() if not (ROOT / name).exists() or (ROOT / name).read_text("utf-8") != exported(groups)]
    if "--write" in sys.argv:
        for name in stale:
            (ROOT / name).write_text(exported(EXPORTS[name]), "utf-8")
    elif stale:
        print(f"{', '.join(stale)}: not what uv.lock says; run `make lock`")  # noqa: T201  a command's output
    return int(bool(stale) and "--write" not in sys.argv)


if __name__ == "__main__":
    sys.exit(main())
