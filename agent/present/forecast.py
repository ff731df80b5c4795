"""A forecast of a batch, in lines."""

from __future__ import annotations

from agent.batch.forecast import Forecast
from agent.card import Usage
from agent.present.words import count, dollars, duration
from agent.settings import Settings


def told(forecast: Forecast, settings: Settings) -> str:
    """A forecast in lines."""
    usage = forecast.usage
    lines = [
        ("articles", f"{forecast.articles:,}"),
        ("can't be read", f"{forecast.unread:,}" if forecast.unread else ""),
        ("the same twice", f"{forecast.twice:,}" if forecast.twice else ""),
        ("done already", f"{forecast.done:,}" if forecast.done else ""),
        ("too short to ask for", f"{forecast.too_little:,}" if forecast.too_little else ""),
        ("from the cache", f"{forecast.cached:,}"),
        ("copies of a story", f"{forecast.copies:,}"),
        ("requests", f"{forecast.ask:,}, and one more for each draft that is asked for again" if usage.requests else "0"),
        ("tokens", f"about {usage.input_tokens:,} in, {usage.output_tokens:,} out" if usage.requests else ""),
        (
            "price",
            f"about {dollars(forecast.cost_usd)}" if usage.requests and forecast.cost_usd is not None else _no_price(settings, usage),
        ),
        ("saved by cache and copies", _saved(forecast)),
        ("time", _time(forecast, settings)),
    ]
    return "\n".join(f"{name + ':':27} {value}" for name, value in lines if value)


def _no_price(settings: Settings, usage: Usage) -> str:
    if not usage.requests:
        return "$0"
    return f"unpriced: there is no price for {settings.model} at {settings.endpoint}; NEWSCARD_PRICES can name a file with one"


def _saved(forecast: Forecast) -> str:
    if not forecast.saved.requests:
        return ""
    tokens = f"about {forecast.saved.input_tokens + forecast.saved.output_tokens:,} tokens"
    return tokens if forecast.saved_usd is None else f"{tokens}, {dollars(forecast.saved_usd)}"


def _time(forecast: Forecast, settings: Settings) -> str:
    if not forecast.ask or not forecast.usage.requests:
        return ""
    least = forecast.seconds(rpm=settings.rpm, tpm=settings.tpm)
    at_once = settings.concurrency
    floor = f"at least {duration(least)} by --rpm and --tpm; " if least is not None else ""
    if at_once:
        return f"{floor}{duration(forecast.ask / at_once)} for each second that a reply takes, {count(at_once, 'request')} at once"
    return f"{floor}{duration(forecast.ask / 100)} for each second that a reply takes, with 100 requests at once"
