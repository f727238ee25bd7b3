"""What stands behind each employer's score: components, rules, sudden rises and sentences. Pure."""

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import nbdtrik

from regulator.risk.engine import REPORTING, SEVERITY, TIME, Scored, Scores, rate_evidence, weigh
from regulator.risk.frozen import Frozen
from regulator.risk.panel import Panel
from regulator.risk.parameters import Parameters
from regulator.risk.score import logit
from regulator.risk.snapshot import EmployerRow, Snapshot
from regulator.risk.surges import Watch, watch
from regulator.risk.under_reporting import Floats, log_factor
from regulator.risk.why import Component, Standing, modality_in_words, peers_in_words, sentences

__all__ = ["NEVER_INSPECTED", "Explained", "explain", "watched"]

NEVER_INSPECTED: Final = "never_inspected"
_MONTHS_A_QUARTER: Final = 3


@dataclass(frozen=True, slots=True)
class Explained:
    """By employer in order: the names of rules that ask for a look at once, the components, and the
    sentences; by series whether it rose suddenly."""

    rules: list[list[str]]
    components: list[list[dict[str, Any]]]
    why: list[list[str]]
    surges: NDArray[np.bool_]


def explain(
    snapshot: Snapshot, panel: Panel, scored: Scored, frozen: Frozen, parameters: Parameters
) -> Explained:
    """Everything that is told of a score, for every employer of the panel."""
    rows = sorted(snapshot.employers, key=lambda each: each.employer)
    held = scored.employers
    rises = watched(snapshot, scored, parameters).alarms(frozen.surge_bar, parameters.surges)
    surges = rises & panel.known
    components = _components(panel, held, parameters)
    usual = _usual(held, parameters)
    after, theirs = _after_one_more(held, parameters), _by_owner(panel)
    expected, either = held.counts.expected.tolist(), held.found.either.tolist()
    rules = [_rules(row, expected[place], parameters) for place, row in enumerate(rows)]
    series = _series(panel, frozen, surges)
    why = []
    for place in range(len(rows)):
        mine = [series[each] for each in theirs[place]]
        years = float(panel.years[place])
        standing = Standing(
            observed=sum(each.observed for each in mine),
            expected=expected[place],
            usual=(int(usual[0][place]), int(usual[1][place])),
            peers=tuple(each.peers for each in mine),
            either=either[place],
            next_one=float(after[place]),
            years=None if np.isnan(years) else years,
            modalities=tuple(each.modality for each in mine),
            unknown=tuple(each.modality for each in mine if not each.known),
            covered=min((each.covered for each in mine), default=0.0),
            few=expected[place] < parameters.least_expected,
            rules=tuple(sentence for _, sentence in rules[place]),
            surges=tuple(each.modality for each in mine if each.surge),
        )
        why.append(list(sentences(standing, components[place])))
    return Explained(
        rules=[[name for name, _ in each] for each in rules],
        components=[[_as_json(one) for one in each] for each in components],
        why=why,
        surges=surges,
    )


def _as_json(each: Component) -> dict[str, Any]:
    return {
        "name": each.name,
        "under": f"{each.under:.4f}",
        "poor": f"{each.poor:.4f}",
        "contribution": f"{each.contribution:.4f}",
        "happened": each.happened,
        "of": each.of,
    }


def _components(panel: Panel, held: Scores, parameters: Parameters) -> list[list[Component]]:
    """Of each employer every component, with what leaving it out would change."""
    whole = logit(held.found.either)
    nothing = np.zeros(panel.employers)
    columns: list[tuple[str, list[float], list[float], list[float], list[float], list[float]]] = []
    for name in (REPORTING, SEVERITY, *sorted(parameters.indicators), TIME):
        changed = whole - logit(weigh(held, parameters, without=name).either)
        facts = panel.facts.get(name)
        figures = (facts.happened, facts.of) if facts else (nothing, nothing)
        weights = held.under.get(name, nothing), held.poor.get(name, nothing), changed, *figures
        u, p, c, h, of = (each.tolist() for each in weights)
        columns.append((name, u, p, c, h, of))
    return [
        [
            Component(name, u[place], p[place], c[place], int(h[place]), int(of[place]))
            for name, u, p, c, h, of in columns
        ]
        for place in range(panel.employers)
    ]


def _usual(held: Scores, parameters: Parameters) -> tuple[Floats, Floats]:
    """Between which counts nine in ten of the peers with this activity would report."""
    expected = np.maximum(held.counts.expected, 1e-12)
    chance = held.alpha / (held.alpha + expected)
    ends = [
        np.ceil(np.maximum(nbdtrik(share, held.alpha, chance), 0.0) - 1e-9) for share in parameters.interval
    ]
    none = held.counts.expected <= 0
    low, high = (np.where(none | np.isnan(each), 0.0, each) for each in ends)
    return low, high


def _after_one_more(held: Scores, parameters: Parameters) -> Floats:
    """P(either) of each employer, had it reported one more minor incident in the newest quarter."""
    minor = held.counts.minor.copy()
    minor[:, -1] += 1
    counts = replace(held.counts, minor=minor)
    moved = log_factor(counts, held.alpha, parameters.under_reporting) - log_factor(
        held.counts, held.alpha, parameters.under_reporting
    )
    poor = rate_evidence(counts, held.alpha, held.poor[SEVERITY], parameters.rate_ratio)
    changed = replace(
        held,
        under={**held.under, REPORTING: held.under[REPORTING] + moved},
        poor={**held.poor, REPORTING: poor},
    )
    return weigh(changed, parameters).either


def watched(snapshot: Snapshot, scored: Scored, parameters: Parameters) -> Watch:
    """The watch on sudden rises of each series, in order."""
    rows = sorted(snapshot.series, key=lambda each: (each.employer, each.modality))
    width = _MONTHS_A_QUARTER * snapshot.quarters
    months = np.array([row.months for row in rows], dtype=np.float64).reshape(len(rows), width)
    monthly = np.repeat(scored.series.by_quarter / _MONTHS_A_QUARTER, _MONTHS_A_QUARTER, axis=1)
    return watch(months, monthly, scored.series.alpha, parameters.surges)


def _by_owner(panel: Panel) -> list[list[int]]:
    found: list[list[int]] = [[] for _ in range(panel.employers)]
    for series, owner in enumerate(panel.owner.tolist()):
        found[owner].append(series)
    return found


def _rules(row: EmployerRow, expected: float, parameters: Parameters) -> list[tuple[str, str]]:
    """The rules that ask for a look whatever the score says, each with its sentence."""
    rules = sorted(row.rules)
    if row.inspected is None and expected > parameters.expected_and_never_inspected:
        least = f"{parameters.expected_and_never_inspected:.0f}"
        told = f"Rule: never inspected, and more than {least} incidents expected."
        rules.append((NEVER_INSPECTED, told))
    return rules


@dataclass(frozen=True, slots=True)
class _Told:
    """What is told of one series."""

    modality: str
    peers: str
    observed: int
    known: bool
    covered: float
    surge: bool


def _series(panel: Panel, frozen: Frozen, surges: NDArray[np.bool_]) -> list[_Told]:
    observed = (panel.minor + panel.severe).sum(axis=1).astype(np.int64).tolist()
    covered, known = panel.share.mean(axis=1).tolist(), panel.known.tolist()
    return [
        _Told(
            modality=modality_in_words(frozen.groups[group][0]),
            peers=peers_in_words(*frozen.groups[group]),
            observed=observed[place],
            known=known[place],
            covered=covered[place],
            surge=bool(surges[place]),
        )
        for place, group in enumerate(panel.group.tolist())
    ]
