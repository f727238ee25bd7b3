"""What the checks of a learning case find before the public may read it: what must go, and what is doubted.

Identifiers of people are ``casework``'s to find (``refuse_identifiers``); here are the place it happened at,
and whether so few have had the like that the telling points at one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q

from notifications.learning.models import TEXTS, LearningCase
from notifications.learning.naming import Found, Known, look
from notifications.learning.rarity import weigh
from notifications.learning.themes import label_of
from notifications.learning.uniqueness import Finding, Profile
from notifications.models import Notification
from regulator.accounts.models import User
from regulator.casework.models import Case, Event
from regulator.organisations.models import Employer, Site

RESTRICTED: Final = (
    "The notification is restricted to those who may open it: say why the public may read what was learnt."
)
_SHORTEST_REFERENCE: Final = 4


@dataclass(frozen=True, slots=True)
class Doubts:
    """What stands against publishing: ``certain`` must go; ``words``, a rare ``finding`` and that the
    notification ``is_restricted`` may stand for a reason that a second person confirms."""

    finding: Finding
    certain: tuple[Found, ...]
    words: tuple[Found, ...]
    is_restricted: bool

    @property
    def any(self) -> bool:
        """Whether a reason is needed."""
        return bool(self.words) or self.finding.is_rare or self.is_restricted

    @property
    def told(self) -> list[str]:
        """Each doubt as a sentence, with what would help."""
        return [*self._restricted_told, *_rarity_told(self.finding), *map(_word_told, self.words)]

    def beyond(self, stored: Mapping[str, Any]) -> list[str]:
        """Those, as sentences, that were not there when ``stored`` was made (``as_data``): nobody gave a
        reason for them. A rare combination that is rarer now was there."""
        seen = frozenset(stored.get("told", ()))
        return [
            *(self._restricted_told if not stored.get("restricted") else ()),
            *(_rarity_told(self.finding) if not stored.get("rare") else ()),
            *(told for told in map(_word_told, self.words) if told not in seen),
        ]

    @property
    def _restricted_told(self) -> list[str]:
        return [RESTRICTED] if self.is_restricted else []

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
            "employers": tally.employers,
            "recent": tally.recent,
            "recent_employers": tally.recent_employers,
            "words": len(self.words),
            "restricted": self.is_restricted,
        }


def doubts_about(learning: LearningCase, case: Case) -> Doubts:
    """Check all that a learning case of ``case`` would tell (seven queries at most, with its notification and
    cause read)."""
    found = look(texts_of(learning), known_of(case, learning.notification))
    return Doubts(
        finding=weigh(profile_of(learning)),
        certain=tuple(each for each in found if each.certain),
        words=tuple(each for each in found if not each.certain),
        is_restricted=case.is_restricted,
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


def known_of(case: Case, notification: Notification) -> Known:
    """What is held about the case, its employer and sites by their present and former names, their people,
    whoever of CQC had a hand in the case, and what other employers are called (four queries beside the
    employer)."""
    employer, sites = case.employer, list(case.employer.sites.all())
    acted = Event.objects.filter(case=case.pk, actor__isnull=False).order_by().values("actor")
    people = User.objects.filter(Q(pk__in=acted) | Q(memberships__employer=case.employer_id)).exclude(name="")
    codes = [employer.ods_code, employer.cqc_provider_id, *(each.cqc_location_id for each in sites)]
    typed = (notification.mhra_reference, notification.lfpse_id)
    made = (notification.equipment_manufacturer, notification.equipment_model)
    return Known(
        names=tuple(dict.fromkeys([employer.name, *(each.name for each in sites), *_former(employer)])),
        codes=tuple(each for each in (*codes, *filter(_is_reference, typed)) if each),
        postcodes=tuple(each.postcode for each in sites if each.postcode),
        people=tuple(people.order_by().distinct().values_list("name", flat=True)),
        equipment=tuple(each for each in made if each),
        elsewhere=tuple(Employer.objects.order_by().exclude(pk=employer.pk).values_list("name", flat=True)),
    )


def _former(employer: Employer) -> list[str]:
    """Every name that the employer and its sites ever had (one query)."""
    own = Employer.history.filter(id=employer.pk).order_by().values_list("name")
    sites = Site.history.filter(employer_id=employer.pk).order_by().values_list("name")
    return sorted(name for (name,) in own.union(sites))


def _is_reference(typed: str) -> bool:
    """Whether a reference was typed, and no "none" or "to follow"."""
    return len(typed) >= _SHORTEST_REFERENCE and any(each.isdigit() for each in typed)


def _word_told(each: Found) -> str:
    return f"In “{_label(each.field)}”: {each.told}."


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
