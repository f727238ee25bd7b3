"""What the desk proposes as a notice's texts, and says beside the field of what must be done."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from enforcement.models import Notice
from enforcement.papers.wording import Cited, Matter, Seen, endless, listed, proposed
from inspections.models import Finding
from regulator.casework.wording import as_text
from regulator.legislation.models import Provision
from regulator.organisations.models import Employer, Site

PROPOSED: Final = ("opinion", "reasons", "required_action")


def texts_for(
    *,
    notice_type: str,
    employer: Employer,
    site: Site | None,
    breach_on: date,
    provisions: Iterable[Provision],
    findings: Iterable[Finding] = (),
) -> dict[str, str]:
    """The three texts as they are proposed, by field (one query for each finding)."""
    matter = Matter(
        type=notice_type,
        employer=employer.name,
        place=site.name if site else "",
        day=as_text(breach_on),
        provisions=tuple(Cited(each.citation, each.heading) for each in provisions),
        seen=tuple(
            Seen(each.text, tuple(one.citation for one in each.provisions.all())) for each in findings
        ),
    )
    return proposed(matter)


def warning(notice_type: str, required_action: str) -> str:
    """Said beside the field, never a refusal: what an improvement notice asks for must have an end."""
    found = endless(required_action) if notice_type == Notice.Type.IMPROVEMENT else []
    if not found:
        return ""
    named = listed(f"“{each}”" for each in found)
    return f"Look again at {named}: what an improvement notice asks for must have an end that can be reached."
