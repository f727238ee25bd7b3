"""What two people approve: the digest of a list of cases, and of what it rests on. Pure."""

import hashlib
import json
from collections.abc import Iterable
from datetime import date

from regulator.retention.policies import RetentionPolicy


def digest_of(
    *,
    policy: str,
    edition: int | None,
    years: int,
    groups: Iterable[str],
    as_of: date,
    cases: Iterable[tuple[str, int]],
) -> str:
    """The SHA-256 (hex) over the policy as it was listed under and each case's reference and version, in the
    order of the references."""
    content = {
        "policy": policy,
        "edition": edition,
        "years": years,
        "groups": list(groups),
        "as_of": as_of.isoformat(),
        "cases": sorted([reference, version] for reference, version in cases),
    }
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()


def digest_under(policy: RetentionPolicy, as_of: date, cases: Iterable[tuple[str, int]]) -> str:
    """The same of a list under ``policy``."""
    return digest_of(
        policy=policy.name,
        edition=policy.edition,
        years=policy.years,
        groups=policy.group_names,
        as_of=as_of,
        cases=cases,
    )
