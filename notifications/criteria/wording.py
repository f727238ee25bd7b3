"""A result as plain data: what the API and the command answer, and what the page shows.

Pure. One shape for all three, so that the same case gives the same answer wherever it is asked.
"""

from typing import Any

from notifications.criteria.check import Result, period_of
from notifications.criteria.evaluation import Evaluation, Truth
from notifications.criteria.facts import FACTS

__all__ = ["as_plain"]


def as_plain(result: Result) -> dict[str, Any]:
    """The result in strings, lists and dictionaries, ready for JSON; nothing is left out of it."""
    regime = result.regime
    return {
        "answer": result.answer.value,
        "heading": result.answer.heading,
        "advice": result.answer.advice,
        "regime": {
            "id": regime.id,
            "label": regime.label,
            "in_force": period_of(regime),
            "source": regime.source,
            "verified": regime.verified,
        }
        if regime
        else None,
        "code": result.primary,
        "other_codes": list(result.others),
        "complementary_codes": list(result.complementary),
        "verified": result.verified,
        "reasons": list(result.reasons),
        "missing": [{"fact": name, "question": FACTS[name].question} for name in result.missing],
        "routes": [
            {
                "body": route.body,
                "name": route.name,
                "why": route.why,
                "instead": route.instead,
                "source": route.source,
                "verified": route.verified,
            }
            for route in result.routes
        ],
        "rules": [_rule(each) for each in result.evaluations],
    }


def _rule(evaluation: Evaluation) -> dict[str, Any]:
    rule = evaluation.rule
    return {
        "code": rule.code,
        "category": rule.category,
        "criterion": rule.criterion,
        "outcome": evaluation.truth.value,
        "arithmetic": list(evaluation.arithmetic),
        "missing": sorted(evaluation.missing) if evaluation.truth is Truth.UNKNOWN else [],
        "verified": rule.verified,
        "confidence": rule.confidence,
        "note": rule.note,
        "source": rule.source,
    }
