"""The values of this package: a listed share class, its issuer, and a place where a text names an issuer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Listing:
    """One common share class. `symbol` is in dot form ("BRK.B"), `exchange` in capitals, or None where the SEC's list has none."""

    symbol: str
    exchange: str | None
    issuer: str
    cik: int
    share_class: str | None


@dataclass(frozen=True, slots=True)
class Issuer:
    """One filer at the SEC (one `cik`) and its common share classes, primary class first; there is always one."""

    cik: int
    name: str
    listings: tuple[Listing, ...]

    @property
    def symbols(self) -> tuple[str, ...]:
        """The symbols of the listings, in their order."""
        return tuple(listing.symbol for listing in self.listings)


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a text names an issuer: `text[start:end] == surface`."""

    start: int
    end: int
    surface: str
    issuer: Issuer


@dataclass(frozen=True, slots=True)
class Candidate:
    """What `lookup` found for a name. `resolves`: this is what the name stands for; else it is only near. `why` says how it was found."""

    issuer: Issuer
    resolves: bool
    why: str
