"""The writer's deeds: writing a learning case, proposing it, giving it up."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db.models import Max

from notifications.learning.conditions import not_writable, open_one
from notifications.learning.doubts import Doubts, doubts_about, texts_of
from notifications.learning.facts import Kinds, filed_otherwise, out_of_bounds
from notifications.learning.lifecycle import DISCARDED, DRAFT, PROPOSED, refusal
from notifications.learning.models import LONGEST, LONGEST_TITLE, TEXTS, LearningCase
from notifications.learning.naming import Found
from notifications.learning.services.holding import holding, in_hand
from notifications.models import Notification
from regulator import clock
from regulator.accounts.actors import Actor
from regulator.accounts.models import User
from regulator.casework.chain import append
from regulator.casework.errors import NotAllowedNow
from regulator.casework.evidence.kept import keep_text, keep_texts
from regulator.casework.models import Case
from regulator.casework.services import refuse_identifiers

LONGEST_REASON = 2_000
MISSING = {
    "title": "Give it a title.",
    "system": "Say what in the system let it happen.",
    "what_happened": "Say what happened.",
    "actions": "Say which actions were taken.",
    "learning": "Say what others can learn from it.",
}


def write_learning(
    *,
    notification: Notification,
    by: Actor,
    version: int | None,
    texts: Mapping[str, str],
    kinds: Kinds,
    identifies_nobody: str = "",
) -> LearningCase:
    """Write the learning case of a closed notification, or go on writing it. Where one stands in the library,
    this begins its next revision, which replaces it once a second person approves.

    ``texts`` are by field (``TEXTS``); half of them may be empty until it is proposed. Raises
    ``NotPermitted``, ``StaleVersion``, ``NotAllowedNow`` for a notification that is not closed or not
    counted and while one waits for a second person, ``ValidationError`` by field for what is too long or out
    of bounds (``facts.out_of_bounds``), ``IdentifiersFound``.
    """
    with holding(notification, "save", by=by, version=version) as (held, person):
        own = own_of(notification, held)
        learning = open_one(held)
        if learning is not None and (refused := refusal("save", learning.state)):
            raise NotAllowedNow(refused)
        _check(texts, kinds, own)
        stored = texts_of(learning) if learning is not None else {}
        refuse_identifiers(case=held, texts=dict(texts), stored=stored, by=person, reason=identifies_nobody)
        if learning is None:
            learning = _begun(own, person)
        _fill(learning, texts, kinds, own, person)
        learning.save()
        append("learning.saved", case=held, by=person, payload=_said(held, learning))
    return learning


def propose_learning(
    *,
    notification: Notification,
    by: Actor,
    version: int | None,
    doubts_reason: str = "",
    identifies_nobody: str = "",
) -> None:
    """Propose what was written to a second person, once it passes the checks.

    Raises as ``write_learning`` does; ``ValidationError`` by field for a text that is missing or says who or
    where it was, where the notification was coded or corrected since it was written
    (``facts.filed_otherwise``), and for ``doubts_reason`` where a rare combination, a word of a name or a
    restricted case stands without a reason why the public may read it.
    """
    with holding(notification, "propose", by=by, version=version) as (held, person):
        own = own_of(notification, held)
        learning = in_hand(held, "propose")
        said = texts_of(learning)
        if missing := {name: MISSING[name] for name in TEXTS if not said[name].strip()}:
            raise ValidationError(missing)
        if wrong := filed_otherwise(learning, own):
            raise ValidationError(wrong)
        _check_reason(doubts_reason)
        asked = said | {"doubts_reason": doubts_reason}
        refuse_identifiers(case=held, texts=asked, by=person, reason=identifies_nobody)
        doubts = doubts_about(learning, held)
        refuse_places(doubts.certain)
        if doubts.any and not doubts_reason.strip():
            raise ValidationError({"doubts_reason": _why_doubted(doubts)})
        learning.state = PROPOSED
        learning.doubts = doubts.as_data()
        learning.doubts_reason = doubts_reason.strip() if doubts.any else ""
        learning.proposed_by, learning.proposed_at = person, clock.now()
        learning.returned_by = learning.returned_at = None
        learning.returned_why = ""
        learning.save()
        payload = {"revision": learning.number, **doubts.counts}
        payload["reason_sha256"] = keep_text(held, learning.doubts_reason)
        append("learning.proposed", case=held, by=person, payload=payload)


def discard_learning(
    *,
    notification: Notification,
    by: Actor,
    version: int | None,
    reason: str,
    identifies_nobody: str = "",
) -> None:
    """Give up what is being written, for a reason. What stands in the library stays. Raises as
    ``write_learning`` does."""
    with holding(notification, "discard", by=by, version=version) as (held, person):
        learning = in_hand(held, "discard")
        check_given(reason)
        refuse_identifiers(case=held, texts={"reason": reason}, by=person, reason=identifies_nobody)
        learning.state = DISCARDED
        learning.ended_by, learning.ended_at, learning.ended_why = person, clock.now(), reason.strip()
        learning.save()
        payload = {"revision": learning.number}
        append("learning.discarded", case=held, by=person, payload=payload, text=reason.strip())


def refuse_places(certain: tuple[Found, ...]) -> None:
    """Raise ``ValidationError`` by field for what says who or where it was."""
    fields = dict.fromkeys(each.field for each in certain)
    wrong = {name: ", ".join(each.told for each in certain if each.field == name) for name in fields}
    if wrong:
        raise ValidationError({name: f"This says {what}. Take it out." for name, what in wrong.items()})


def check_given(reason: str) -> None:
    """Raise ``ValidationError`` for no reason, or one that is too long."""
    if not reason.strip():
        raise ValidationError({"reason": "Give a reason."})
    if len(reason) > LONGEST:
        raise ValidationError({"reason": f"Use {LONGEST:,} characters or fewer."})


def own_of(notification: Notification, held: Case) -> Notification:
    """The notification as it stands, with its cause, if one may be written from it (one query). Raises
    ``NotAllowedNow``."""
    own = Notification.objects.select_related("cqc_cause").get(pk=notification.pk)
    own.case = held
    if refused := not_writable(held, own):
        raise NotAllowedNow(refused)
    return own


def _begun(notification: Notification, by: User) -> LearningCase:
    former = LearningCase.objects.filter(notification=notification.pk)
    last = former.aggregate(last=Max("number"))["last"] or 0
    return LearningCase(
        notification=notification,
        number=last + 1,
        state=DRAFT,
        written_by=by,
        written_at=clock.now(),
        modality=notification.case.modality,
    )


def _fill(
    learning: LearningCase, texts: Mapping[str, str], kinds: Kinds, own: Notification, by: User
) -> None:
    for name in TEXTS:
        setattr(learning, name, texts[name].strip())
    learning.title = " ".join(learning.title.split())
    learning.modality, learning.cause = own.case.modality, own.cqc_cause
    learning.sub_modality, learning.tiers = kinds.sub_modality, kinds.tiers
    learning.equipment, learning.themes = kinds.equipment, list(kinds.themes)
    learning.edited_by, learning.edited_at = by, clock.now()


def _check(texts: Mapping[str, str], kinds: Kinds, own: Notification) -> None:
    if set(texts) != set(TEXTS):
        raise ValueError(f"the texts of a learning case are {TEXTS}")
    most = dict.fromkeys(TEXTS, LONGEST) | {"title": LONGEST_TITLE}
    wrong = {
        name: f"Use {most[name]:,} characters or fewer." for name in TEXTS if len(texts[name]) > most[name]
    }
    if wrong := wrong | out_of_bounds(kinds, own):
        raise ValidationError(wrong)


def _check_reason(reason: str) -> None:
    if len(reason) > LONGEST_REASON:
        raise ValidationError({"doubts_reason": f"Use {LONGEST_REASON:,} characters or fewer."})


def _why_doubted(doubts: Doubts) -> str:
    return f"{' '.join(doubts.told)} Write it more generally, or say why it identifies no site."


def _said(held: Case, learning: LearningCase) -> dict[str, object]:
    """What the chain records of a writing: values, and the digest of what was typed."""
    return {
        "revision": learning.number,
        "texts_sha256": keep_texts(held, texts_of(learning)),
        "modality": learning.modality,
        "sub_modality": learning.sub_modality,
        "cause": learning.cause.slug if learning.cause else "",
        "tiers": learning.tiers,
        "equipment": learning.equipment,
        "themes": learning.themes,
    }
