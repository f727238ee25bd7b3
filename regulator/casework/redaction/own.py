"""What casework itself removes of a case of any kind, and what it keeps.

Kept are facts alone: that somebody restricted the case, opened it or looked at it (``RestrictedView`` is the
account of who read what, and only ever appended), that it was linked, and the events.
"""

from collections.abc import Collection
from functools import partial
from typing import Final

from django.db.models import Case as Choice
from django.db.models import F, Q, Value, When
from django.db.models.functions import Coalesce

from regulator import clock
from regulator.casework.kinds import KINDS
from regulator.casework.models import (
    Attachment,
    Case,
    DisclosureBundle,
    EventText,
    IdentifierConfirmation,
    InformationRequest,
    KeptText,
    Note,
    Referral,
    ReferralReply,
)
from regulator.casework.redaction.kinds import REDACTORS, REMOVED, Group, Redactor
from regulator.casework.redaction.removing import blanking, counted, deleting, forget_file
from regulator.registry import Registry

_BUNDLE: Final = DisclosureBundle.State


def contribute(to: Registry[Redactor] = REDACTORS) -> None:
    """Register casework's own redactors."""
    texts = Group.TEXTS
    to.register("casework.reasons", deleting("Reasons", texts, EventText, "event__case"))
    to.register("casework.notes", deleting("Notes", texts, Note, "case"))
    to.register("casework.kept_texts", deleting("Earlier texts", texts, KeptText, "case"))
    confirmed = deleting("Words said to identify nobody", texts, IdentifierConfirmation, "case")
    to.register("casework.confirmations", confirmed)
    asked = {"question": REMOVED, "answer": REMOVED}
    to.register(
        "casework.questions", blanking("Questions and answers", texts, InformationRequest, "case", asked)
    )
    to.register("casework.referrals", _referrals())
    replied = {"text": REMOVED, "their_reference": ""}
    to.register(
        "casework.replies",
        blanking("Replies of other bodies", texts, ReferralReply, "referral__case", replied),
    )
    attached = {"name": REMOVED, "file": ""}
    to.register("casework.files", blanking("Files", Group.FILES, Attachment, "case", attached))
    to.register("casework.bundles", _bundles())
    to.register("casework.summary", Redactor("Summaries", texts, _summed_up, _name_by_kind))


def _referrals() -> Redactor:
    """To whom, under which gateway, when, how and by whom is a fact; how many files went, and which digests
    they had, as well."""
    said = {"gateway_text": REMOVED, "summary": REMOVED, "their_reference": "", "sections": []}
    words = blanking("Referrals to other bodies", Group.TEXTS, Referral, "case", said)

    def remove(held: Case) -> int:
        number = words.remove(held)
        for each in Referral.objects.filter(case=held):
            each.files = [{**file, "name": REMOVED} for file in each.files]
            each.save(update_fields=["files"])
        return number

    return Redactor(words.label, words.group, words.count, remove)


def _bundles() -> Redactor:
    """The file of each, also of one whose worker died before it said so. One that is being made is given up:
    its worker finds another version, and takes its file back."""
    underway = Q(state__in=(_BUNDLE.WAITING, _BUNDLE.RUNNING))
    whole = underway | ~Q(file="") | ~Q(words="")

    def remove(held: Case) -> int:
        found = DisclosureBundle.objects.filter(whole, case=held).order_by()
        bundles = list(found)
        for each in bundles:
            for name in sorted(each.every_file):
                forget_file(each.file.storage, name)
        ready = Q(state=_BUNDLE.READY)
        found.update(
            state=Choice(When(underway, then=Value(_BUNDLE.FAILED)), default=F("state")),
            removed_at=Choice(When(ready, then=Coalesce("removed_at", clock.now())), default=F("removed_at")),
            version=F("version") + 1,
            lease_until=None,
            file="",
            words="",
        )
        return len(bundles)

    return Redactor(
        "Disclosure bundles", Group.FILES, partial(counted, DisclosureBundle, whole, "case"), remove
    )


def _summed_up(keys: Collection[int]) -> dict[int, int]:
    """The cases that lists name by more than their kind."""
    typed = ~Q(summary="")
    for kind in KINDS.values():
        typed &= ~Q(kind=kind.name, summary=kind.label)
    return counted(Case, typed, "pk", keys)


def _name_by_kind(held: Case) -> int:
    """The line by which lists name the case was made of what somebody typed. Written at once as well, so that
    what is read of the case from here on says no more."""
    if held.summary in ("", held.kind_label):
        return 0
    held.summary = held.kind_label
    return Case.objects.filter(pk=held.pk).update(summary=held.summary)
