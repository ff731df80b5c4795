"""The fault server's command line."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import random
import signal
import ssl
import sys
from collections.abc import Callable
from pathlib import Path

from tests.faults import answers
from tests.faults.answers import Answer
from tests.faults.plan import SPECIAL, Bucket, Plan, Rule, check, read_rules
from tests.faults.server import FaultServer

FOREVER = float("inf")


def main() -> int:
    """Serve until interrupted; print the base URL first and the ledger last."""
    parser = _parser()
    options = parser.parse_args()
    try:
        server = _server(options)
    except (OSError, ValueError) as exc:
        parser.error(str(exc))
    with contextlib.suppress(KeyboardInterrupt):
        _run(server)
    ledger = json.dumps(server.ledger.as_json())
    if options.ledger:
        options.ledger.write_text(ledger + "\n", "utf-8")
    sys.stdout.write(f"{ledger}\n")
    return 0


def _run(server: FaultServer) -> None:
    new_event_loop: Callable[[], asyncio.AbstractEventLoop] = asyncio.new_event_loop
    with contextlib.suppress(ImportError):
        from uvloop import new_event_loop

    async def until_told() -> None:
        serving = asyncio.create_task(server.serve_here())
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, serving.cancel)
        sys.stdout.write(f"{server.base_url}\n")
        sys.stdout.flush()
        with contextlib.suppress(asyncio.CancelledError):
            await serving

    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        runner.run(until_told())


def _parser() -> argparse.ArgumentParser:
    names = ", ".join([*answers.NAMED, *SPECIAL])
    parser = argparse.ArgumentParser(
        prog="python -m tests.faults.server",
        description="A loopback server that speaks OpenAI's chat completions, and fails as it is told to.",
        epilog=f"ANSWER is an HTTP status from 300 to 599, or one of {names}. What is random is the same with the same --seed.",
    )
    add = parser.add_argument
    add("--port", type=int, default=0, help="port on 127.0.0.1; 0 picks a free one")
    add("--tls", type=Path, nargs=2, metavar=("CERT", "KEY"), help="speak HTTPS with this certificate, for 127.0.0.1")
    add("--draft", type=Path, help="a file whose text is every reply's content")
    add("--derive", action="store_true", help="every reply is a faithful draft of its article, made of the article's sentences")
    add("--script", default="", metavar="ANSWER,...", help="the first answers, in order")
    add(
        "--rules",
        type=Path,
        metavar="FILE",
        help="JSON: [{match, arrivals, seconds, chance, times, answer}, ...], the first that holds counts",
    )
    add("--storm", action="append", default=[], metavar="SHARE:ANSWER", help="a share of requests, from 0 to 1, gets that answer")
    add("--outage", action="append", default=[], metavar="FROM:TO[:ANSWER]", help="between these seconds all get that answer (503)")
    add("--slow-start", type=float, default=0.0, metavar="S", help="answer 503 for so long at first")
    add("--latency", type=float, default=0.0, metavar="S", help="seconds until a completion")
    add("--jitter", type=float, default=0.0, metavar="S", help="more or less than that by up to so many")
    add("--trickle", type=float, default=0.0, metavar="S", help="pause after each byte of the standing reply")
    add("--pause", type=float, default=0.0, metavar="S", help="pause after each piece of a streamed completion")
    add("--concurrent", type=int, metavar="N", help="hidden limit: more at once get a 429")
    add("--rps", type=float, metavar="N", help="hidden limit: requests a second, with one second's worth in store")
    add("--tpm", type=float, metavar="N", help="hidden limit: tokens a minute (4 bytes of a request each), a minute's worth in store")
    add("--retry-after", default="s:1", metavar="FORM[:S]", help=f"how a 429 of a hidden limit asks to wait: {', '.join(answers.WAITS)}")
    add("--tell", action="store_true", help="send x-ratelimit headers of the hidden limits")
    add("--prices", default="1:4", metavar="IN:OUT", help="dollars per million tokens, for the ledger")
    add("--seed", type=int, default=0)
    add("--ledger", type=Path, metavar="FILE", help="write the ledger there at the end; it is at GET /ledger all the while")
    return parser


def _server(options: argparse.Namespace) -> FaultServer:
    rules = [_outage(text) for text in options.outage]
    rules += read_rules(options.rules) if options.rules else []
    rules += [_storm(text) for text in options.storm]
    form, _, seconds = options.retry_after.partition(":")
    if form not in answers.WAITS:
        raise ValueError(f"--retry-after: {form!r} is none of {', '.join(answers.WAITS)}")
    plan = Plan(
        rules,
        latency_s=options.latency,
        jitter_s=options.jitter,
        pause_s=options.pause,
        slow_start_s=options.slow_start,
        concurrent=options.concurrent,
        requests=Bucket(options.rps, options.rps) if options.rps else None,
        tokens=Bucket(options.tpm / 60, options.tpm) if options.tpm else None,
        wait_form=form,
        wait_s=float(seconds or 1),
        tells=options.tell,
        chance=random.Random(options.seed),
    )
    server = FaultServer(options.port, plan, keep=False, tls=_tls(*options.tls) if options.tls else None)
    if options.derive:
        server.derive()
    elif options.draft:
        reply = answers.completion(options.draft.read_text("utf-8"))
        server.reply(Answer(body=reply.body, usage=reply.usage, trickle_s=options.trickle))
    server.script(*(answers.named(step) for step in options.script.split(",") if step))
    price_in, _, price_out = options.prices.partition(":")
    server.ledger.dollars_per_million = (float(price_in), float(price_out or price_in))
    return server


def _tls(certificate: Path, key: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


def _outage(text: str) -> Rule:
    begin, _, rest = text.partition(":")
    end, _, answer = rest.partition(":")
    check(answer or "503")
    return Rule(answer or "503", seconds=(float(begin), float(end) if end else FOREVER))


def _storm(text: str) -> Rule:
    share, _, answer = text.partition(":")
    check(answer or "503")
    return Rule(answer or "503", chance=float(share))
