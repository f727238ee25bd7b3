"""What the checks of a learning case find before the public may read it: what must go, and what is doubted.

Identifiers of people are ``casework``'s to find (``refuse_identifiers``); here are the place it happened at,
and whether so few have had the like that the telling points at one.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from notifications.learning.models import TEXTS, LearningCase
from notifications.learning.naming import Found, Known, look
from notifications.learning.rarity import weigh
from notifications.learning.themes import label_of
from notifications.learning.uniqueness import Finding, Profile
from regulator.accounts.models import User
from regulator.casework.models import Case, Event


@dataclass(frozen=True, slots=True)
class Doubts:
    """What stands against publishing: ``certain`` must go; ``words`` and a rare ``finding`` may stay for a
    reason that a second person confirms."""

    finding: Finding
    certain: tuple[Found, ...]
    words: tuple[Found, ...]

    @property
    def any(self) -> bool:
        """Whether a reason is needed."""
        return bool(self.words) or self.finding.is_rare

    @property
    def told(self) -> list[str]:
        """Each doubt as a sentence, with what would help."""
        return [
            *_rarity_told(self.finding),
            *(f"In “{_label(each.field)}”: {each.told}." for each in self.words),
        ]

    def as_data(self) -> dict[str, Any]:
        """As the learning case keeps it: the sentences, and the counts."""
        return {"told": self.told, **self.counts} if self.any else {}

    @property
    def counts(self) -> dict[str, Any]:
        """As the chain keeps it: numbers alone."""
        tally = self.finding.tally
        return {
            "rare": self.finding.is_rare,
            "notifications": tally.notifications,
            "one_employer": tally.one_employer,
            "recent": tally.recent,
            "recent_one_employer": tally.recent_one_employer,
            "words": len(self.words),
        }


def doubts_about(learning: LearningCase, case: Case) -> Doubts:
    """Check all that a learning case of ``case`` would tell (five queries at most; the cause is read)."""
    found = look(texts_of(learning), known_of(case))
    return Doubts(
        finding=weigh(profile_of(learning)),
        certain=tuple(each for each in found if each.certain),
        words=tuple(each for each in found if not each.certain),
    )


def texts_of(learning: LearningCase) -> dict[str, str]:
    """What the public would read, by field, in the order of the page."""
    return {name: getattr(learning, name) for name in TEXTS}


def profile_of(learning: LearningCase) -> Profile:
    """What it tells of itself by kind."""
    return Profile(
        modality=learning.modality,
        sub_modality=learning.sub_modality,
        tiers=tuple(each for each in learning.cause_told if each),
        equipment=learning.equipment,
        themes=tuple(learning.themes),
    )


def known_of(case: Case) -> Known:
    """What is held about the case's employer, its sites and people, and whoever of CQC had a hand in the case
    (two queries beside the employer)."""
    employer, sites = case.employer, list(case.employer.sites.all())
    acted = Event.objects.filter(case=case.pk, actor__isnull=False).order_by().values("actor")
    people = User.objects.filter(Q(pk__in=acted) | Q(memberships__employer=case.employer_id)).exclude(name="")
    codes = [employer.ods_code, employer.cqc_provider_id, *(each.cqc_location_id for each in sites)]
    return Known(
        names=(employer.name, *(each.name for each in sites)),
        codes=tuple(each for each in codes if each),
        postcodes=tuple(each.postcode for each in sites if each.postcode),
        people=tuple(people.order_by().distinct().values_list("name", flat=True)),
    )


def _rarity_told(finding: Finding) -> list[str]:
    if not finding.is_rare:
        return []
    told = f"The combination of what is told is rare: {'; '.join(finding.tally.why)}."
    if finding.enough:
        told += f" Enough would be: {'; or '.join(each.how for each in finding.enough)}."
    elif finding.next_step is not None:
        told += f" No single step is enough; begin with this: {finding.next_step.how}."
    else:
        told += " Telling less of it makes it no more common."
    uncounted = [label_of(each) for each in finding.profile.uncounted_themes]
    if uncounted:
        told += f" Not counted, because no coded answer shows it: {', '.join(uncounted)}."
    return [told]


def _label(field: str) -> str:
    label = str(LearningCase._meta.get_field(field).verbose_name)  # type: ignore[union-attr]
    return f"{label[:1].upper()}{label[1:]}"
