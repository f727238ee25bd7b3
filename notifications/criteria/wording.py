"""A result as plain data: what the API and the command answer, and what the page and a draft show.

Pure. One shape for all, so that the same case gives the same answer wherever it is asked, and each says which
criteria, rule, arithmetic and source it rests on, and how far these are verified.
"""

from typing import Any

from notifications.criteria.check import Reading, Result, assumed_beginning, period_of
from notifications.criteria.evaluation import Evaluation, Truth
from notifications.criteria.facts import FACTS
from notifications.criteria.reference import Criteria, shipped

__all__ = ["as_plain"]


def as_plain(result: Result, criteria: Criteria | None = None) -> dict[str, Any]:
    """The result in strings, lists and dictionaries, ready for JSON; nothing is left out of it."""
    held = criteria or shipped()
    return {
        "answer": result.answer.value,
        "heading": result.answer.heading,
        "advice": result.answer.advice(held.limit("notification")),
        "code": result.primary,
        "other_codes": list(result.others),
        "complementary_codes": [
            {
                "key": code.key,
                "label": code.label,
                "letter": code.letter,
                "letter_verified": code.letter_verified,
                "rule": code.rule,
                "source": code.source,
            }
            for code in held.complementary
            if code.key in result.complementary
        ],
        "complementary_rule": held.complementary_rule,
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
        "regimes": [_reading(each) for each in result.readings],
        "terms": [
            {"term": each.term, "meaning": each.meaning, "verified": each.verified, "source": each.source}
            for each in held.terms
        ],
    }


def _reading(reading: Reading) -> dict[str, Any]:
    regime = reading.regime
    return {
        "id": regime.id,
        "label": regime.label,
        "in_force": period_of(regime),
        "assumed": assumed_beginning(regime),
        "source": regime.source,
        "verified": regime.verified,
        "note": regime.note,
        "answer": reading.answer.value,
        "codes": list(reading.codes),
        "rules": [_rule(each) for each in reading.evaluations],
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
