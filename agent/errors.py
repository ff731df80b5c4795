"""Everything that can go wrong, as one family.

* NewscardError
  x UsageError            the caller asked for something that makes no sense
  x SourceError           an input that can't be read as articles
  x ArticleError          one article got no card; the others go on
    + NoReply             the endpoint didn't answer in time, or not with anything usable
    + DraftRejected       what the model wrote isn't a draft, even after the re-ask
    + DraftTruncated      the model ran out of output tokens twice
    + DraftRefused        the model or its content filter declined
    + ArticleTooLong      the model's context can't hold the article
  x BudgetExceeded        the next call could cost more than the user allowed
    + CallsStopped        no further call is wanted; what is there is kept
  x EndpointError         no call can succeed until somebody changes a setting
    + KeyRejected         the key is missing, wrong or not allowed
    + ModelUnknown        the endpoint doesn't serve that model
    + RequestRejected     the endpoint doesn't take one of our parameters
    + QuotaExhausted      the account has no credit left
    + EndpointUnreachable nothing answers at that address
  x RunRefused            a run directory that this run may not go on in
  x SinkFailed            a run's rows can't be written any more

Each class has the exit code of the command line. Messages are one line: what is wrong, and what to do.
They never hold a key, a prompt or an article's text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from agent.card import Usage


class NewscardError(Exception):
    """The root. `exit_code` is what the command line ends with when this error decides the outcome.

    `usage` counts the tokens and requests that an article took all the same; None when there was no request. `price_share` of the list
    price was paid for it; None: what the engine always pays.
    """

    exit_code: ClassVar[int] = 1
    usage: Usage | None = None
    price_share: float | None = None


class UsageError(NewscardError):
    """A setting, an option or an argument that can't be used as it is."""

    exit_code = 2


class SourceError(NewscardError):
    """An input that can't be read as articles: not there, binary, not text in a known encoding, no text in it."""

    exit_code = 2

    def __init__(self, source: str, problem: str) -> None:
        super().__init__(f"{source}: {problem}")
        self.source = source
        self.problem = problem


class ArticleError(NewscardError):
    """One article got no card."""

    exit_code = 1

    def __init__(self, article_id: str, problem: str, *, usage: Usage | None = None) -> None:
        super().__init__(f"{article_id}: {problem}")
        self.article_id = article_id
        self.problem = problem
        self.usage = usage


class NoReply(ArticleError):
    """The endpoint didn't answer within the deadline, or with nothing usable in every attempt."""


class DraftRejected(ArticleError):
    """What the model wrote isn't a draft, even after the re-ask."""


class DraftTruncated(ArticleError):
    """The model stopped for length twice, the second time with a larger cap."""


class DraftRefused(ArticleError):
    """The model, or a content filter before it, declined to answer."""


class ArticleTooLong(ArticleError):
    """The model's context can't hold the article at the token budget in force."""


class BudgetExceeded(NewscardError):
    """The next call could cost more than what is left of the budget; nothing was sent."""

    exit_code = 3


class CallsStopped(BudgetExceeded):
    """Whoever runs the articles wants no further call; nothing was sent."""


class EndpointError(NewscardError):
    """No call to this endpoint can succeed until a setting changes."""

    exit_code = 4


class KeyRejected(EndpointError):
    """401 or 403: the key is missing, wrong, or may not use this model."""


class ModelUnknown(EndpointError):
    """404: the endpoint doesn't serve this model."""


class RequestRejected(EndpointError):
    """400 or 422: the endpoint doesn't take one of our parameters."""


class QuotaExhausted(EndpointError):
    """402, or 429 with a billing code: the account has no credit left."""


class EndpointUnreachable(EndpointError):
    """Nothing answers at the address: refused, no such host, or TLS fails."""


class RunRefused(NewscardError):
    """The run directory belongs to another run, is in use, or isn't one."""

    exit_code = 2


class SinkFailed(NewscardError):
    """A row can't be written: the disk is full, or fails. What was written before stands."""

    exit_code = 5
