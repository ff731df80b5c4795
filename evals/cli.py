"""`newscard eval`: did this prompt or model make cards better or worse?

Nothing heavy is imported before a command runs, because `newscard --help` comes by here.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from agent.cli.messages import PLAIN, examples

SplitChoice = Literal["dev", "gate", "all"]
Engine = Literal["llm", "extractive"]

RunArgument = Annotated[Path, typer.Argument(metavar="RUN", show_default=False, help="A run's folder.")]
DataOption = Annotated[
    list[str] | None,
    typer.Option(
        "--data",
        metavar="NAME[=PATH]",
        show_default=False,
        help="`gold`, or a public set and where it lies. Several are allowed. Unset: gold.",
    ),
]


def build() -> typer.Typer:
    """The command group."""
    app = typer.Typer(help="Score cards against gold, compare runs, gate releases.", **PLAIN)
    lines = ("newscard eval run --engine extractive", "newscard eval run --model gpt-5.4-mini --split dev --repeat 3")
    app.command("run", epilog=examples(*lines, "newscard eval run --data finentity=finentity.jsonl --limit 100"))(run)
    app.command("show", epilog=examples("newscard eval show evals-runs/my-run"))(show)
    app.command("report", epilog=examples("newscard eval report evals-runs/my-run --out report.html"))(report)
    app.command("compare", epilog=examples("newscard eval compare evals-runs/before evals-runs/after"))(compare)
    app.command("accept", epilog=examples("newscard eval accept evals-runs/my-run --name card-v1"))(accept)
    app.command("gate", epilog=examples("newscard eval gate evals-runs/my-run --baseline card-v1"))(gate)
    app.command("matrix", epilog=examples("newscard eval matrix --model gpt-5.4-mini --model gpt-5.4 --out matrix"))(matrix)
    app.command("judge", epilog=examples("newscard eval judge evals-runs/my-run --model gpt-5.4"))(judge)
    return app


def run(  # noqa: PLR0913  a command's parameters are its flags
    *,
    data: DataOption = None,
    split: Annotated[SplitChoice, typer.Option(help="Which part of the data: dev to tune on, gate to decide by.")] = "dev",
    engine: Annotated[Engine | None, typer.Option(show_default=False, help="Who drafts. Unset: as for `newscard enrich`.")] = None,
    model: Annotated[str | None, typer.Option(metavar="NAME", show_default=False, help="The model, by its name at the endpoint.")] = None,
    base_url: Annotated[
        str | None, typer.Option(metavar="URL", show_default=False, help="An OpenAI-compatible endpoint, up to and with /v1.")
    ] = None,
    prompt: Annotated[str | None, typer.Option(metavar="NAME", show_default=False, help="Name and version of the prompt files.")] = None,
    repeat: Annotated[int, typer.Option(metavar="K", min=1, help="Drafts of each article, to see how much they vary.")] = 1,
    limit: Annotated[
        int | None, typer.Option(metavar="N", min=1, show_default=False, help="The first N articles of each set only.")
    ] = None,
    max_cost_usd: Annotated[
        float | None, typer.Option(metavar="USD", show_default=False, help="Stop before a call that could cost more than this in all.")
    ] = None,
    concurrency: Annotated[int | None, typer.Option(metavar="N", show_default=False, help="Articles in flight at once.")] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", show_default=False, help="The run's folder. Unset: evals-runs/ENGINE-FINGERPRINT.")
    ] = None,
    replay: Annotated[
        Path | None,
        typer.Option(metavar="RUN", show_default=False, help="Score a recorded run again, offline; all other options are its own."),
    ] = None,
) -> int:
    """Make a card of every article of a data set, keep every reply, and print the scores.

    The same command again goes on where it stopped, whatever stopped it, and asks for nothing twice. Replies are not taken from the cache
    of drafts, so that a run shows what the engine says today.

    Exit codes: 0 scored, 2 wrong usage, 3 stopped by the budget, 4 key, model or endpoint wrong, 5 scored, but too many replies are missing
    to conclude anything.
    """
    from evals.commands import making, showing

    if replay is not None:
        return showing.show(replay, data or [])
    flags = {
        "engine": engine,
        "model": model,
        "base_url": base_url,
        "prompt": prompt,
        "max_cost_usd": max_cost_usd,
        "concurrency": concurrency,
    }
    order = making.Order(data or ["gold"], split, repeat, limit, out)
    return showing.show(making.make_run(order, flags), [])


def show(run: RunArgument, *, data: DataOption = None) -> int:
    """Print a run's scores with their 95% intervals, from what was recorded. Exit code 5: the run is invalid."""
    from evals.commands import showing

    return showing.show(run, data or [])


def report(
    run: RunArgument,
    *,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", show_default=False, help="The page. Unset: report.html in the run's folder.")
    ] = None,
    junit: Annotated[
        Path | None, typer.Option(metavar="FILE", show_default=False, help="Also write JUnit XML there, a case per metric.")
    ] = None,
    data: DataOption = None,
) -> int:
    """Write a run's report: one HTML file that needs nothing else. The same run gives the same bytes."""
    from evals.commands import showing

    return showing.report(run, out or run / "report.html", junit, data or [])


def compare(a: RunArgument, b: RunArgument, *, data: DataOption = None) -> int:
    """Print what run B does better or worse than run A, how surely, and what their articles could have shown at all."""
    from evals.commands import gating

    return gating.compare(a, b, data or [])


def accept(
    run: RunArgument,
    *,
    name: Annotated[str, typer.Option(help="The baseline's name.")] = "baseline",
    baselines: Annotated[
        Path | None, typer.Option(metavar="DIR", show_default=False, help="Where baselines are kept. Unset: evals/baselines.")
    ] = None,
) -> int:
    """Bless a run as the baseline that later ones are held against: a small file without a word of an article, to be reviewed like code."""
    from evals.commands import gating

    return gating.accept(run, name, baselines)


def gate(  # noqa: PLR0913  a command's parameters are its flags
    run: RunArgument,
    *,
    baseline: Annotated[str, typer.Option(help="The baseline's name.")] = "baseline",
    baselines: Annotated[
        Path | None, typer.Option(metavar="DIR", show_default=False, help="Where baselines are kept. Unset: evals/baselines.")
    ] = None,
    margin: Annotated[float, typer.Option(min=0.0, help="How much worse a metric may be, in its own unit.")] = 0.0,
    junit: Annotated[
        Path | None, typer.Option(metavar="FILE", show_default=False, help="Also write JUnit XML there, a case per metric.")
    ] = None,
    data: DataOption = None,
) -> int:
    """Hold a run against a baseline.

    Exit codes: 0 no metric is worse beyond its interval, 1 one is, 5 nothing can be said: too many replies are missing, the articles, gold
    or scorers aren't the baseline's, or too few articles are left to judge a metric by. What these articles can't decide is said, and fails
    nothing.
    """
    from evals.commands import gating

    return gating.gate(run, gating.Options(baseline, baselines, margin, junit, tuple(data or ())))


def matrix(  # noqa: PLR0913  a command's parameters are its flags
    *,
    model: Annotated[
        list[str] | None, typer.Option(metavar="NAME", show_default=False, help="A model; `extractive` is the engine without one.")
    ] = None,
    prompt: Annotated[list[str] | None, typer.Option(metavar="NAME", show_default=False, help="A prompt. Unset: card.v1.")] = None,
    quality: Annotated[str, typer.Option(metavar="METRIC", help="The metric that is set against cost.")] = "tickers.f1",
    data: DataOption = None,
    split: Annotated[SplitChoice, typer.Option(help="Which part of the data.")] = "dev",
    limit: Annotated[
        int | None, typer.Option(metavar="N", min=1, show_default=False, help="The first N articles of each set only.")
    ] = None,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where the runs and the page go.")] = Path("evals-runs/matrix"),
) -> int:
    """Run every model with every prompt, print which pairs no other beats in quality, cost and cards made, and write a page with the plot.

    Each pair is a run of its own under DIR, and is resumed like one.
    """
    from evals.commands import matrix as command

    return command.matrix(
        command.Order(model or ["extractive"], prompt or ["card.v1"], quality, tuple(data or ["gold"]), split, limit, out)
    )


def judge(
    run: RunArgument,
    *,
    against: Annotated[
        Path | None,
        typer.Option(metavar="RUN", show_default=False, help="Another run on the same articles. Unset: gold's reference analyses."),
    ] = None,
    model: Annotated[
        str | None, typer.Option(metavar="NAME", show_default=False, help="The judge. Unset: what is recorded already.")
    ] = None,
    data: DataOption = None,
) -> int:
    """Let a model judge a run's analyses: closed questions, both orders, blind. One more opinion: no gate stands on it.

    `python -m evals.judge` prints how far the judge agrees with planted faults. Judgements are kept in the run's folder.
    """
    from evals.commands import judging

    return judging.judge(run, against, model, data or [])
