"""One simulated England from one seed: the figures that the portal would hold, and the truth behind them.
Pure."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from regulator.risk.panel import Panel
from regulator.risk.parameters import Parameters
from regulator.risk.simulation.world import MODALITIES, Modality, World
from regulator.risk.under_reporting import Floats
from regulator.risk.weighing import Facts

__all__ = ["GOOD", "POOR", "UNDER", "England", "simulate"]

GOOD, UNDER, POOR = 0, 1, 2
_QUARTERS = 12
_YEARS = 3


@dataclass(frozen=True, slots=True)
class England:
    """``panel`` is what is seen, ``truth`` each employer's class, ``rate`` its true rate against its peers'
    (of what it reports), ``raw`` the notifications before several of one failure were found out to be one,
    and ``hypothetical`` the true expectations of each series: what only an oracle may use."""

    panel: Panel
    truth: NDArray[np.intp]
    rate: Floats
    raw: Floats
    hypothetical: Floats


@dataclass(frozen=True, slots=True)
class _Series:
    """The series of one modality: what is seen, then the further notifications of one failure, and what was
    truly expected, and truly to be reported on average."""

    owner: NDArray[np.intp]
    group: NDArray[np.intp]
    modality: NDArray[np.intp]
    returned: Floats
    share: Floats
    minor: Floats
    severe: Floats
    split: Floats
    expected: Floats
    reported: Floats


@dataclass(frozen=True, slots=True)
class _Employers:
    nhs: NDArray[np.bool_]
    size: Floats
    years: Floats
    truth: NDArray[np.intp]
    rate: Floats
    kept: Floats
    kept_severe: Floats


def simulate(seed: int, world: World, parameters: Parameters) -> England:
    """The England of ``seed``: the same for the same seed and world."""
    random = np.random.default_rng([seed, 36])
    who = _employers(random, world)
    parts = [_modality(random, world, who, place, each) for place, each in enumerate(MODALITIES)]
    all_of = _joined(parts)
    raw = _by_owner(all_of, all_of.minor + all_of.severe + all_of.split, world)
    missed = random.binomial(all_of.split.astype(np.int64), 1 - world.found_out).astype(np.float64)
    minor = all_of.minor + missed
    panel = Panel(
        groups=tuple((each.name, sector) for each in MODALITIES for sector in ("nhs", "independent")),
        modalities=tuple(each.name for each in MODALITIES),
        periods=np.repeat(np.arange(_YEARS), _QUARTERS // _YEARS),
        owner=all_of.owner,
        group=all_of.group,
        modality=all_of.modality,
        returned=all_of.returned,
        share=all_of.share,
        counted=(minor + all_of.severe) * all_of.share,
        minor=minor,
        severe=all_of.severe,
        spread=np.full(len(minor), parameters.activity_spread["complete"]),
        years=who.years,
        facts=_facts(random, world, who, raw),
    )
    expected, reported = (_by_owner(all_of, each, world) for each in (all_of.expected, all_of.reported))
    rate = np.divide(reported, expected, out=np.full(world.employers, np.nan), where=expected > 0)
    return England(panel, who.truth, rate, raw, all_of.expected)


def _joined(parts: list[_Series]) -> _Series:
    """All modalities, by owner."""
    order = np.argsort(np.concatenate([each.owner for each in parts]), kind="stable")
    return _Series(
        *(np.concatenate([getattr(part, each.name) for part in parts])[order] for each in fields(_Series))
    )


def _by_owner(all_of: _Series, values: Floats, world: World) -> Floats:
    total = np.bincount(all_of.owner, weights=values.sum(axis=1), minlength=world.employers)
    return total.astype(np.float64)


def _employers(random: np.random.Generator, world: World) -> _Employers:
    count = world.employers
    years = np.minimum(random.exponential(9.0, count), 25.0)
    years[random.random(count) < 0.3] = np.nan
    capped = np.minimum(np.nan_to_num(years, nan=12.0), 12.0)
    chance = np.log(world.prior / (1 - world.prior)) + world.per_year * (capped - capped.mean())
    wrong = random.random(count) < 1 / (1 + np.exp(-chance))
    truth = np.where(wrong, np.where(random.random(count) < world.under, UNDER, POOR), GOOD)
    if world.lognormal:
        spread = np.sqrt(np.log(1 + 1 / world.shape)) * 1.25
        rate = np.exp(random.normal(-spread * spread / 2, spread, count))
    else:
        rate = random.gamma(world.shape, 1 / world.shape, count)
    rate = np.where(truth == POOR, rate * world.rate_ratio, rate)
    kept, kept_severe = _kept(random, world, truth)
    nhs = random.random(count) < world.nhs
    return _Employers(nhs, np.exp(random.normal(0, 0.5, count)), years, truth, rate, kept, kept_severe)


def _kept(random: np.random.Generator, world: World, truth: NDArray[np.intp]) -> tuple[Floats, Floats]:
    """The share of incidents that each employer still reports, by quarter: minor, and severe."""
    count = len(truth)
    share = random.beta(*world.retained, count)
    more = np.where(random.random(count) < 0.5, world.severe_retained_more, 0.0)
    onset = np.where(random.random(count) < world.before_window, 0, random.integers(1, _QUARTERS, count))
    after = np.arange(_QUARTERS)[None, :] - onset[:, None]
    fallen = np.clip((after + 1) / 6.0, 0, 1) if world.gradual else (after >= 0).astype(np.float64)
    fallen = np.where((onset == 0)[:, None], 1.0, fallen) * (truth == UNDER)[:, None]
    severe = np.minimum(share + more, 1.0)
    return 1 - fallen * (1 - share[:, None]), 1 - fallen * (1 - severe[:, None])


def _modality(
    random: np.random.Generator, world: World, who: _Employers, place: int, of: Modality
) -> _Series:
    does = random.random(len(who.nhs)) < np.where(who.nhs, *of.done_by)
    owner = np.flatnonzero(does)
    nhs = who.nhs[owner]
    size = who.size[owner] * np.exp(random.normal(0, of.spread, owner.size))
    size *= np.where(nhs, 1.0, of.independent_size)
    true = (of.activity * size / size.sum() / 4)[:, None] * np.repeat([[0.97, 1.0, 1.03]], 4, axis=1)
    per_unit = of.incidents / of.activity * np.repeat(np.array(of.by_year), 4)
    expected = true * per_unit
    noise = random.gamma(world.modality_shape, 1 / world.modality_shape, owner.size)
    severe_share = np.where(who.truth[owner] == POOR, of.severe * world.severe_ratio, of.severe)[:, None]
    happens = expected * (who.rate[owner] * noise)[:, None]
    told = happens * (1 - severe_share) * who.kept[owner], happens * severe_share * who.kept_severe[owner]
    minor, severe = (random.poisson(each).astype(np.float64) for each in told)
    split = random.random(minor.shape) < world.split_failures * np.minimum(minor, 1)
    more = np.where(split, random.integers(1, 9, minor.shape), 0).astype(np.float64)
    wrong = np.exp(random.normal(0, world.activity_error, owner.size))[:, None]
    share = np.repeat(random.random((owner.size, 3)) >= world.activity_missing, 4, axis=1).astype(np.float64)
    share[:, -1] = np.maximum(share[:, -1], share.max(axis=1) == 0)
    return _Series(
        owner=owner,
        group=(2 * place + np.where(nhs, 0, 1)).astype(np.intp),
        modality=np.full(owner.size, place, dtype=np.intp),
        returned=true * wrong * share,
        share=share,
        minor=minor,
        severe=severe,
        split=more,
        expected=expected,
        reported=told[0] + told[1],
    )


def _facts(random: np.random.Generator, world: World, who: _Employers, raw: Floats) -> dict[str, Facts]:
    mood = np.exp(random.normal(0, world.mood, len(raw)))
    inspected = (random.random(len(raw)) < world.inspected_since) & (np.nan_to_num(who.years, nan=99) < 5)
    of = {
        "late_reports": raw,
        "late_notices": raw,
        "recurrence": np.maximum(raw - 1, 0),
        "breaches": inspected.astype(np.float64),
    }
    facts = {}
    for name, (standing, under, poor) in world.ratios.items():
        level = standing * np.choose(who.truth, (1.0, under, poor)) * mood
        asked = of.get(name, np.ones(len(raw)))
        if name in ("late_reports", "late_notices", "recurrence"):
            share = np.minimum(level, 0.9)
            drawn = random.beta(share * world.precision, (1 - share) * world.precision)
            happened = random.binomial(asked.astype(np.int64), drawn)
        else:
            happened = random.poisson(level * asked)
        facts[name] = Facts(happened.astype(np.float64), asked)
    return facts
