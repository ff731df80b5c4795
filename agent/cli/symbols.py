"""`newscard symbols`: the table of listed securities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.messages import PLAIN, examples, say
from agent.cli.output import print_out

if TYPE_CHECKING:
    from agent.symbols import Candidate


def build() -> typer.Typer:
    """The command group."""
    app = typer.Typer(help="Look up listed securities; fetch the current list.", **PLAIN)
    app.command("lookup", epilog=examples("newscard symbols lookup Google", "newscard symbols lookup BRK.B"))(lookup)
    app.command("update", epilog=examples("NEWSCARD_CONTACT=you@example.com newscard symbols update"))(update)
    return app


def lookup(name: Annotated[str, typer.Argument(metavar="NAME", show_default=False, help="A company's name, an alias or a symbol.")]) -> int:
    """Print the issuer that a name stands for, with its share classes; else the ones that come near.

    Ends with 1 when the name stands for no issuer in the table.
    """
    from agent.settings import Settings
    from agent.symbols import load_symbols

    table = load_symbols(Settings.from_env().symbols)
    found = table.lookup(name)
    resolved = any(candidate.resolves for candidate in found)
    if not resolved:
        say(f"{name}: it stands for no issuer in the table of {table.version}" + ("; near it:" if found else ""))
    for candidate in found:
        print_out(_block(candidate))
    return 0 if resolved else 1


def update() -> None:
    """Fetch the current list of securities from sec.gov.

    sec.gov wants to know whom to write to: set NEWSCARD_CONTACT to your e-mail address.
    """
    from agent.settings import Settings
    from agent.symbols import update_symbols

    table = update_symbols(Settings.from_env().contact or "")
    print_out(f"{len(table):,} issuers, as of {table.version}")


def _block(candidate: Candidate) -> str:
    issuer = candidate.issuer
    lines = [f"{issuer.name}  (CIK {issuer.cik}; {candidate.why})"]
    rows = ((listing.symbol, listing.exchange or "", listing.share_class or "") for listing in issuer.listings)
    return "\n".join(lines + [f"  {symbol:<8} {exchange:<8} {share_class}".rstrip() for symbol, exchange, share_class in rows])
