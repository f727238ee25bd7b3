"""For any small set of notifications the report's leaves, tiers and totals agree with a count by hand."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from notifications.counting import NOT_COUNTED
from notifications.models import (
    MODALITY_OF,
    Basis,
    Cause,
    CorrectiveAction,
    InvestigationReport,
    Notification,
    Strength,
)
from regulator.accounts.models import User
from regulator.organisations.models import Employer
from regulator.periods import reporting_year
from regulator.statistics.annual import compose
from tests.factories import EmployerFactory, UserFactory
from tests.reference import ship_reference
from tests.statistics.rows import IN_YEAR, Row, store

YEAR = reporting_year("2023/24")
Choice = tuple[int, str, int | None, str, str, datetime | None]
choices: st.SearchStrategy[Choice] = st.tuples(
    st.integers(0, 2),
    st.sampled_from(sorted(MODALITY_OF)),
    st.one_of(st.none(), st.integers(0, 200)),
    st.sampled_from(["submitted", "under_review", "closed", "withdrawn", "not_notifiable"]),
    st.sampled_from([Basis.STATUTORY, Basis.STATUTORY, Basis.VOLUNTARY, Basis.LICENCE_BREACH]),
    st.sampled_from([IN_YEAR, IN_YEAR, datetime(2022, 9, 1, tzinfo=UTC), None]),
)
Report = tuple[str, datetime, list[tuple[str, bool]]]
reports: st.SearchStrategy[Report] = st.tuples(
    st.sampled_from(["submitted", "closed", "withdrawn"]),
    st.sampled_from([IN_YEAR, IN_YEAR, datetime(2022, 9, 1, tzinfo=UTC)]),
    st.lists(st.tuples(st.sampled_from(Strength.values), st.booleans()), max_size=4),
)
"""A report: its notification's status, when it was filed, and its actions, each cancelled or not."""


def leaves(tree: Mapping[str, Any], *above: str) -> Iterator[tuple[tuple[str, ...], int]]:
    for label, node in tree.items():
        if isinstance(node, Mapping):
            yield from leaves(node["parts"], *above, label)
        else:
            yield (*above, label), node


class SumsOfTheReport(TestCase):
    employers: list[Employer]
    causes: dict[str, list[Cause]]
    coder: User

    @classmethod
    def setUpTestData(cls) -> None:
        ship_reference()
        cls.coder = UserFactory.create()
        cls.employers = [EmployerFactory.create(type=kind) for kind in ("nhs_acute", "independent", "dental")]
        cls.causes = {modality: [] for modality in MODALITY_OF.values()}
        for cause in Cause.objects.order_by("position"):
            cls.causes[cause.modality].append(cause)

    def row(self, choice: Choice) -> Row:
        who, kind, place, status, basis, opened_at = choice
        modality = MODALITY_OF[kind]
        known = self.causes[modality]
        cause = None if place is None or opened_at is None else known[place % len(known)]
        return Row(
            self.employers[who], modality, kind, cause, status if opened_at else "draft", basis, opened_at
        )

    @settings(max_examples=30, deadline=None)
    @given(st.lists(choices, max_size=25))
    def test_leaves_tiers_kinds_types_and_totals_agree(self, chosen: list[Choice]) -> None:
        rows = [self.row(choice) for choice in chosen]
        store(rows, coder=self.coder)
        counted = [
            row
            for row in rows
            if row.opened_at == IN_YEAR and row.basis == Basis.STATUTORY and row.status not in NOT_COUNTED
        ]
        held: dict[str, Any] = {each.name: each.value for each in compose(YEAR).figures}
        assert held["notifications"]["total"] == len(counted)
        by_hand = Counter(
            (row.modality, row.cause.tier1, row.cause.tier2, row.cause.tier3) for row in counted if row.cause
        )
        causes = held["notifications_by_cause"]
        in_report = {
            path: number
            for name, tree in causes["by_modality"].items()
            for path, number in leaves(tree, name)
        }
        assert in_report == dict(by_hand)
        assert causes["tier1"] == dict(Counter(row.cause.tier1 for row in counted if row.cause))
        kinds = held["notifications_by_sub_modality"]["by_modality"]
        in_kinds = {kind: number for table in kinds.values() for kind, number in table.items()}
        assert in_kinds == dict(Counter(row.sub_modality for row in counted))
        for modality, total in held["notifications"]["by_modality"].items():
            types = held["notifications_by_employer_type"]["by_modality"][modality].values()
            assert sum(each["count"] for each in types) == total

    @settings(max_examples=30, deadline=None)
    @given(st.lists(reports, max_size=8))
    def test_any_actions_agree_with_a_count_by_hand(self, drawn: list[Report]) -> None:
        for status, filed_at, actions in drawn:
            store([Row(self.employers[0], status=status)])
            made = Notification.objects.latest("pk")
            InvestigationReport.objects.create(notification=made, filed_by=self.coder, filed_at=filed_at)
            for strength, cancelled in actions:
                ended = {"cancelled_at": IN_YEAR, "cancelled_reason": "No."} if cancelled else {}
                CorrectiveAction.objects.create(
                    notification=made, strength=strength, planned_for=IN_YEAR, added_by=self.coder, **ended
                )
        counted = [
            [strength for strength, cancelled in actions if not cancelled]
            for status, filed_at, actions in drawn
            if status not in NOT_COUNTED and filed_at == IN_YEAR
        ]
        figures: dict[str, Any] = {each.name: each.value for each in compose(YEAR).figures}
        held = figures["corrective_actions"]
        by_hand = Counter(strength for each in counted for strength in each)
        assert {name: row["count"] for name, row in held["by_strength"].items()} == {
            name: by_hand[name] for name in Strength.values
        }
        assert (held["actions"], held["reports"]) == (by_hand.total(), len(counted))
        weak = [each for each in counted if each and set(each) <= {"training", "reminder"}]
        assert held["by_strongest"]["only_weak"]["count"] == len(weak)
        assert held["by_strongest"]["none"]["count"] == counted.count([])
