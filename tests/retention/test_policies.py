"""The policies that come with the portal: one for each kind of case, and a file that is not in order stops
the portal from starting."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.core.checks import run_checks

from regulator.casework.kinds import KINDS
from regulator.casework.redaction import Group
from regulator.retention import checks
from regulator.retention.policies import FILE, read_policies, shipped


def content() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


def test_each_kind_of_case_is_kept_for_seven_years_and_then_everything_goes() -> None:
    policies = shipped()
    assert set(policies) == {"notification", "concern", "inspection", "notice"} == set(KINDS)
    for kind, policy in policies.items():
        assert (policy.kind, policy.years, policy.groups) == (kind, 7, frozenset(Group))
        assert policy.period == "7 years from the closing of the case"
        assert "November 2012" in policy.source
        assert not policy.verified
        assert "schedule in force" in policy.note
        assert policy.edition is None


def _years(value: Any) -> Callable[[dict[str, Any]], None]:
    return lambda row: row.update(years=value)


WRONG: list[tuple[str, Callable[[dict[str, Any]], None]]] = [
    ("no years", _years(0)),
    ("too many years", _years(101)),
    ("years in words", _years("seven")),
    ("nothing removed", lambda row: row.update(groups=[])),
    ("an unknown group", lambda row: row.update(groups=["pictures"])),
    ("another day", lambda row: row.update(counts_from="opening")),
    ("no source", lambda row: row.pop("source")),
]


@pytest.mark.parametrize("spoil", [each for _, each in WRONG], ids=[name for name, _ in WRONG])
def test_a_file_that_is_not_in_order_is_refused(spoil: Callable[[dict[str, Any]], None]) -> None:
    given = content()
    spoil(given["policies"][0])
    with pytest.raises((ValueError, LookupError)):
        read_policies(given)


def test_two_policies_of_one_kind_are_refused() -> None:
    given = content()
    given["policies"].append(given["policies"][0] | {"name": "another"})
    with pytest.raises(ValueError, match="two retention policies for notification"):
        read_policies(given)


def test_the_portal_starts_with_what_it_ships() -> None:
    assert [each for each in run_checks() if str(each.id).startswith("retention")] == []


def test_a_kind_without_a_policy_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KINDS._items, "complaint", replace(KINDS.get("notice"), name="complaint"))
    [wrong] = checks.every_kind_has_a_policy()
    assert wrong.id == "retention.E002"
    assert wrong.is_serious()
    assert "how long cases of the kind “complaint” are kept" in wrong.msg


def test_a_policy_for_no_kind_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(KINDS._items, "notice")
    [wrong] = checks.every_kind_has_a_policy()
    assert wrong.id == "retention.E003"
    assert wrong.is_serious()


def test_a_file_that_cannot_be_read_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreadable() -> object:
        return read_policies({"policies": [content()["policies"][0] | {"years": -1}]})

    monkeypatch.setattr(checks, "shipped", unreadable)
    [wrong] = checks.every_kind_has_a_policy()
    assert wrong.id == "retention.E001"
