"""Whatever the input: any order gives the same bytes, and one employer again agrees with the whole run."""

import json
import random
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from regulator.risk.arrays import panel_of
from regulator.risk.engine import apply, fit
from regulator.risk.frozen import Frozen
from regulator.risk.scoring import score
from regulator.risk.snapshot import SeriesRow, by_employer, canonical, digest
from tests.risk.test_scoring import PARAMETERS, england, series

rows = st.lists(
    st.builds(
        series,
        st.integers(1, 12),
        st.integers(0, 30),
        st.one_of(st.none(), st.integers(0, 10_000)),
        sector=st.sampled_from(["nhs_acute", "independent", "never heard of"]),
        modality=st.sampled_from(["radiotherapy", "nuclear_medicine"]),
        severe=st.integers(0, 3),
    ),
    unique_by=lambda each: (each.employer, each.modality),
    min_size=1,
    max_size=14,
)


@settings(max_examples=12)
@given(rows, st.randoms(use_true_random=False))
def test_any_order_of_rows_gives_the_same_bytes(held: list[SeriesRow], shuffler: random.Random) -> None:
    one = england(*held)
    series_rows, employers = list(one.series), list(one.employers)
    shuffler.shuffle(series_rows)
    shuffler.shuffle(employers)
    other = replace(one, series=tuple(series_rows), employers=tuple(employers))
    assert digest(canonical(one)) == digest(canonical(other))
    found = [score(each, PARAMETERS) for each in (one, other)]
    assert repr(found[0].employers) == repr(found[1].employers)
    assert repr(found[0].series) == repr(found[1].series)
    assert found[0].frozen.as_json() == found[1].frozen.as_json()


@settings(max_examples=12)
@given(rows)
def test_one_employer_again_agrees_with_the_whole_run_to_a_million_millionth(held: list[SeriesRow]) -> None:
    """At the night's parameters, which went through JSON as they are stored."""
    snapshot = england(*held)
    panel = panel_of(snapshot, PARAMETERS)
    stored = Frozen.from_json(json.loads(json.dumps(fit(panel, PARAMETERS).as_json())))
    whole = apply(panel, stored, PARAMETERS)
    for place, alone in enumerate(by_employer(snapshot)):
        one = apply(panel_of(alone, PARAMETERS, stored.groups), stored, PARAMETERS)
        for name in ("under", "poor"):
            night = getattr(whole.employers.found, name)[place]
            assert abs(getattr(one.employers.found, name)[0] - night) <= 1e-12
        mine = panel.owner == place
        assert np.abs(one.series.rate.high - whole.series.rate.high[mine]).max() <= 1e-12
