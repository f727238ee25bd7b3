"""Checked at start-up: each kind of case has one policy, and each policy a kind of case."""

from typing import Any

from django.core.checks import CheckMessage, Error

from regulator.casework.kinds import KINDS
from regulator.retention.policies import shipped


def every_kind_has_a_policy(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """What is wrong with the policies that come with the portal; empty where they are in order."""
    try:
        policies = shipped()
    except (ValueError, LookupError, TypeError) as wrong:
        return [Error(f"The retention policies cannot be read: {wrong}.", id="retention.E001")]
    without = sorted(set(KINDS) - set(policies))
    strange = sorted(set(policies) - set(KINDS))
    return [
        *(
            Error(
                f"No retention policy says for how long cases of the kind “{kind}” are kept.",
                hint="Add one to regulator/retention/data/policies.json.",
                id="retention.E002",
            )
            for kind in without
        ),
        *(
            Error(
                f"A retention policy names the kind of case “{kind}”, which there is not.",
                id="retention.E003",
            )
            for kind in strange
        ),
    ]
