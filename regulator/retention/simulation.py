"""What would happen on a day: how many cases are due under each policy, why others are kept, and what would
be removed. Writes nothing."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.db.models import Count, Q, QuerySet, Sum

from regulator.casework.models import Attachment, Case, DisclosureBundle
from regulator.casework.redaction import REDACTORS, Group, standing
from regulator.retention.due import aged, due_under
from regulator.retention.editions import policies_on
from regulator.retention.hindrances import HINDRANCES, any_of, names
from regulator.retention.policies import RetentionPolicy

AT_ONCE: Final = 5_000
"""Cases of which is counted at once what would be removed: a statement takes no endless list of keys."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What one policy means on a day. ``kept`` counts by reason: a case may be kept for several.

    ``files`` and ``bytes`` are those of the due cases on the disk, where the policy removes files.
    ``removed`` counts by redactor what would go; empty unless it was asked for.
    """

    policy: RetentionPolicy
    old: int
    due: int
    kept: Mapping[str, int]
    files: int
    bytes: int
    removed: Mapping[str, int] = field(default_factory=dict)

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """Each reason in words for which any is kept, with how many are."""
        return [(HINDRANCES.get(name).why, count) for name, count in self.kept.items() if count]

    @property
    def things(self) -> list[tuple[str, str, int]]:
        """What would go, by the label of its group and its own."""
        named = ((REDACTORS.get(name), count) for name, count in self.removed.items())
        rows = [(each.group, each.label, count) for each, count in named]
        order = list(Group)
        rows.sort(key=lambda row: order.index(row[0]))
        return [(group.label, label, count) for group, label, count in rows]


@dataclass(frozen=True, slots=True)
class Simulation:
    """What would happen on a day under the policies as they hold on it."""

    as_of: date
    outlooks: Sequence[Outlook]

    @property
    def due(self) -> int:
        return sum(each.due for each in self.outlooks)

    @property
    def old(self) -> int:
        return sum(each.old for each in self.outlooks)

    def as_json(self) -> dict[str, Any]:
        """The same as plain values."""
        return {"as_of": self.as_of.isoformat(), "policies": [_as_json(each) for each in self.outlooks]}


def simulate(as_of: date, *, things: bool = True) -> Simulation:
    """What would be due on ``as_of``, and with ``things`` what would be removed.

    Three queries, and one for what editions hold; with ``things`` one more for each policy, and one for each
    redactor and each 5,000 due cases.
    """
    policies = policies_on(as_of)
    counts = _counts(policies.values(), as_of)
    files = _files(policies.values(), as_of)
    outlooks = []
    for kind, policy in policies.items():
        counted = counts.get(kind, {})
        number, size = files.get(kind, (0, 0))
        outlooks.append(
            Outlook(
                policy=policy,
                old=counted.get("old", 0),
                due=counted.get("due", 0),
                kept={name: counted.get(f"kept_{name}", 0) for name in names()},
                files=number,
                bytes=size,
                removed=_removed(policy, as_of) if things else {},
            )
        )
    return Simulation(as_of, tuple(outlooks))


def _counts(policies: Collection[RetentionPolicy], as_of: date) -> dict[str, dict[str, Any]]:
    """By kind: how many are old enough, due, and kept for each reason. One query."""
    old = Case.objects.filter(_any_aged(policies, as_of)).order_by()
    rows = old.values("kind").annotate(
        old=Count("pk"),
        due=Count("pk", filter=~any_of()),
        **{f"kept_{name}": Count("pk", filter=HINDRANCES.get(name).cases()) for name in names()},
    )
    return {str(row["kind"]): {**row} for row in rows}


def _any_aged(policies: Collection[RetentionPolicy], as_of: date) -> Q:
    found = Q(pk__in=[])
    for policy in policies:
        found |= aged(policy, as_of)
    return found


def _files(policies: Collection[RetentionPolicy], as_of: date) -> dict[str, tuple[int, int]]:
    """By kind: how many files of due cases lie on the disk, and their bytes. Two queries."""
    removing = [policy for policy in policies if Group.FILES in policy.groups]
    due = Case.objects.filter(_any_aged(removing, as_of) & ~any_of()).order_by().values("pk")
    found: dict[str, tuple[int, int]] = {}
    for kind, number, size in (
        *_weighed(Attachment.objects.filter(case__in=due)),
        *_weighed(DisclosureBundle.objects.filter(case__in=due, size__gt=0, removed_at__isnull=True)),
    ):
        before = found.get(kind, (0, 0))
        found[kind] = before[0] + number, before[1] + size
    return found


def _weighed(files: QuerySet[Any]) -> Iterator[tuple[str, int, int]]:
    weighed = files.order_by().values("case__kind").annotate(number=Count("pk"), weight=Sum("size"))
    yield from weighed.values_list("case__kind", "number", "weight")


def _removed(policy: RetentionPolicy, as_of: date) -> dict[str, int]:
    """By redactor: how many things of the due cases would be removed."""
    keys = list(due_under(policy, as_of).order_by("pk").values_list("pk", flat=True))
    total: Counter[str] = Counter()
    for start in range(0, len(keys), AT_ONCE):
        for counted in standing(keys[start : start + AT_ONCE], policy.groups).values():
            total.update(counted)
    return {name: total[name] for name in REDACTORS if total[name]}


def _as_json(outlook: Outlook) -> dict[str, Any]:
    policy = outlook.policy
    return {
        "policy": policy.name,
        "kind": policy.kind,
        "years": policy.years,
        "edition": policy.edition,
        "groups": policy.group_names,
        "old_enough": outlook.old,
        "due": outlook.due,
        "kept": dict(outlook.kept),
        "removed": {
            group.value: {
                name: count for name, count in outlook.removed.items() if REDACTORS.get(name).group == group
            }
            for group in Group
            if group in policy.groups
        },
        "files": outlook.files,
        "bytes": outlook.bytes,
    }
