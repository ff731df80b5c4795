"""`python -m evals.planted.references`: what the checks find on the gold cards' reference prose, which its article supports.

Checks may be tuned on the `dev` part; `gate` stays unseen. A finding is a false alarm, or a fault of the reference.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from agent.draft import ANALYSIS_CHARS, QUOTE_CHARS, Draft
from agent.grounding import Grounded, ground
from agent.sentences import sentence_spans
from agent.symbols import load_symbols
from agent.taxonomy import COMPONENTS, load_taxonomy
from evals.goldset import GoldCard, GoldEntity, GoldJudgement, load_gold
from evals.planted.intervals import wilson
from evals.planted.measuring import FalseAlarms, false_alarms

REASON = "as the gold card has it"


def reference_draft(gold: GoldCard, judged: GoldJudgement) -> Draft:
    """The gold card as a draft: its prose and labels, each entity with the first sentence that names it as its quote."""
    rating = {"reason": REASON, "level": 2}
    return Draft.model_validate(
        {
            "entities": [_entity(gold, entity) for entity in judged.entities],
            "topics": judged.topics.must,
            "impact": dict.fromkeys(COMPONENTS, rating),
            "overall": {"reason": REASON, "label": judged.sentiment.label},
            "abstain_because": None,
            "summary": judged.summary,
            "analysis": judged.analysis[:ANALYSIS_CHARS],
        }
    )


def _entity(gold: GoldCard, entity: GoldEntity) -> dict[str, object]:
    text = gold.read().text
    sentences = [text[start:end] for start, end in sentence_spans(text) if end - start <= QUOTE_CHARS]
    names = (entity.name, *entity.aliases)
    quote = next((sentence for name in names for sentence in sentences if name in sentence), sentences[0])
    values: dict[str, object] = {"name": entity.name, "kind": entity.kind, "quotes": [quote], "relevance": "central"}
    return values | {"reason": REASON, "sentiment": entity.sentiment}


def grounded(golds: Sequence[GoldCard], *, strict: bool = False) -> dict[str, Grounded]:
    """Each reference held against its article, by id; those that abstain have none."""
    symbols, taxonomy = load_symbols(), load_taxonomy()
    judged = [(gold, gold.judged) for gold in golds]
    return {gold.id: ground(gold.read(), reference_draft(gold, card), symbols, taxonomy, strict=strict) for gold, card in judged if card}


def line(name: str, alarms: FalseAlarms) -> str:
    """One part of the gold cards."""
    (low, high), (low_summary, high_summary) = (wilson(count, alarms.pairs) for count in (alarms.cards, alarms.summaries))
    by_check = ", ".join(f"{check} {count}" for check, count in sorted(alarms.flagged.items())) or "none"
    return (
        f"{name:5} {alarms.pairs:3} cards: with a finding {alarms.cards} ({low:.1%}-{high:.1%}); in the summary {alarms.summaries} "
        f"({low_summary:.1%}-{high_summary:.1%}); by check: {by_check}"
    )


def main() -> int:
    """Measure and print both parts."""
    parser = argparse.ArgumentParser(prog="python -m evals.planted.references", description=__doc__)
    parser.add_argument(
        "--findings", choices=["dev", "gate"], help="list the findings of one part; read those of `gate` only to report them"
    )
    parser.add_argument("--strict", action="store_true", help="with the rules that aren't in force, see docs/grounding.md")
    options = parser.parse_args()
    golds = load_gold()
    for split in ("dev", "gate"):
        alarms = false_alarms(grounded([gold for gold in golds if gold.split == split], strict=options.strict))
        sys.stdout.write(line(split, alarms) + "\n")
        if options.findings == split:
            sys.stdout.writelines(f"  {example}\n" for example in alarms.examples if " form: " not in example)
    return 0


if __name__ == "__main__":
    sys.exit(main())
