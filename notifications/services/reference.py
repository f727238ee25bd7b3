"""Loading the reference data from the project's own files: criteria, complementary codes and causes."""

from dataclasses import asdict
from datetime import date
from typing import Any, Final

from django.db import models, transaction

from notifications.criteria.reference import Criteria, Regime, read_criteria
from notifications.models import Cause, ComplementaryCode, CriteriaRegime, Criterion, TaxonomyVersion
from notifications.taxonomy import read_taxonomy

_EDITION: Final = {
    "key": "2023-24",
    "label": "Taxonomy of the 2023/24 report",
    "effective_from": date(2023, 4, 1),
    "source": "CQC IR(ME)R annual report 2023/24",
}


def load_reference() -> dict[str, int]:
    """Bring the reference tables in step with the files; answers how many rows were written, by table.

    Rows are matched by their keys and saved only where they differ, so that a second run writes
    nothing, no history either. A row that the files no longer hold stays: cases refer to it.
    """
    with transaction.atomic():
        criteria = read_criteria()
        return {
            "regimes": sum(_kept(CriteriaRegime, {"key": each.id}, _of(each)) for each in criteria.regimes),
            "criteria": _load_rules(criteria),
            "complementary_codes": _load_codes(criteria),
            "taxonomies": _kept(TaxonomyVersion, {"key": _EDITION["key"]}, _EDITION),
            "causes": _load_causes(),
        }


def _of(regime: Regime) -> dict[str, Any]:
    names = ("label", "effective_from", "effective_to", "source", "verified", "note")
    return {name: getattr(regime, name) for name in names}


def _load_rules(criteria: Criteria) -> int:
    written = 0
    rows = {(row.regime.key, row.code): row for row in Criterion.objects.select_related("regime")}
    regimes = {row.key: row for row in CriteriaRegime.objects.all()}
    for regime in criteria.regimes:
        for position, rule in enumerate(regime.rules):
            conditions = [[asdict(each) for each in every] for every in rule.notifiable_when_any]
            values = {
                "position": position,
                "modalities": list(rule.modalities),
                "conditions": conditions,
                **{name: getattr(rule, name) for name in ("category", "criterion", "confidence")},
                **{name: getattr(rule, name) for name in ("verified", "source", "note")},
            }
            row = rows.get((regime.id, rule.code)) or Criterion(regime=regimes[regime.id], code=rule.code)
            written += _saved(row, values)
    return written


def _load_codes(criteria: Criteria) -> int:
    return sum(_kept(ComplementaryCode, {"key": each.key}, asdict(each)) for each in criteria.complementary)


def _load_causes() -> int:
    version = TaxonomyVersion.objects.get(key=_EDITION["key"])
    rows = {row.slug: row for row in Cause.objects.filter(version=version)}
    written = 0
    for position, leaf in enumerate(read_taxonomy()):
        row = rows.get(leaf.slug) or Cause(version=version, slug=leaf.slug)
        written += _saved(row, {**asdict(leaf), "position": position})
    return written


def _kept(table: type[models.Model], key: dict[str, Any], values: dict[str, Any]) -> bool:
    row = table._default_manager.filter(**key).first() or table(**key)
    return _saved(row, values)


def _saved(row: models.Model, values: dict[str, Any]) -> bool:
    """Save ``row`` with ``values`` where it is new or differs; whether it was saved."""
    if not row._state.adding and all(getattr(row, name) == value for name, value in values.items()):
        return False
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    return True
