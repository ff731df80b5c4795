"""The report as one HTML file that fetches nothing and runs no script."""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from agent.present.words import clean, count
from evals.report import tables
from evals.report.beside import all_beside
from evals.report.evaluated import Evaluated
from evals.report.plots import calibration_plot
from evals.scorers.sentiment import LABELS

if TYPE_CHECKING:
    from jinja2 import Environment


def page(evaluated: Evaluated) -> str:
    """The whole report. The same `evaluated` gives the same bytes."""
    cards = all_beside(evaluated)
    bins = tables.bins(evaluated)
    sliced = [metric for metric in evaluated.metrics if metric.name in tables.SLICED]
    wrong = sum(one.failure is not None or one.lacks > 0 for one in cards)
    return filled(
        "report.html.jinja",
        evaluated=evaluated,
        cards=cards,
        families=[(title, tables.rows(evaluated, family)) for family, title in _FAMILIES],
        unscorable=tables.unscorable(evaluated),
        sliced=sliced,
        slices=tables.slices(evaluated),
        labels=LABELS,
        confusion=tables.confusion(evaluated),
        bins=bins,
        calibration=calibration_plot(bins) if bins else "",
        figure=tables.figure,
        verdict=f"{count(len(cards), 'article')}, {wrong} with something to look at",
    )


def filled(template: str, **values: Any) -> str:
    """A template of this folder with its style, escaped."""
    style = "".join(files(package).joinpath(name).read_text("utf-8") for package, name in _STYLES)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return _environment().get_template(template).render(style=style, style_digest=digest, **values)


_STYLES = (("agent.present", "card.css"), ("evals.report", "report.css"))
_FAMILIES = (("quality", "Quality"), ("detail", "In detail"), ("cost", "Cost"))


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(str(files("evals.report"))),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["clean"] = clean
    return environment
