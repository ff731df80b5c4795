"""The pictures in the documentation."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Browser

from tests.web.browser.conftest import running
from tests.web.browser.screenshots import IMAGES, MAX_BYTES, fill, take


def test_the_pictures_can_be_made_anew(browser: Browser, tmp_path: Path) -> None:
    """Those that docs/service.md shows are the ones that the command makes, and none is large."""
    shown = re.findall(r"\(images/([\w-]+\.png)\)", (IMAGES.parent / "service.md").read_text("utf-8"))
    (tmp_path / "data").mkdir()
    (tmp_path / "images").mkdir()
    card = fill(tmp_path / "data")
    with running(tmp_path / "data") as site:
        take(browser, site, card, tmp_path / "images")
    assert {path.name for path in (tmp_path / "images").iterdir()} == {path.name for path in IMAGES.iterdir()} >= set(shown)
    assert all(path.read_bytes().startswith(b"\x89PNG") and path.stat().st_size < MAX_BYTES for path in IMAGES.iterdir())
