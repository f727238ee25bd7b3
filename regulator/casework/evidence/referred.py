"""What was told to other bodies in a case's past: each referral as it stood, and the replies to it."""

from typing import Any

from regulator.casework.bodies import BODIES, GATEWAYS, WAYS
from regulator.casework.chain import text_digest
from regulator.casework.evidence.past import CHAPTERS, Chapter, State, Told, day_of
from regulator.casework.evidence.showing import WORDS
from regulator.casework.models import Case, Referral, ReferralReply
from regulator.casework.referrals import packet_digest


def contribute() -> None:
    """Register the chapter, and what its stored values are called."""
    CHAPTERS.register("referrals", Chapter(take, start, present=present))
    for part in ("referrals", "referral_replies"):
        WORDS.register(f"{part}.body", lambda key: BODIES[key].label)
    WORDS.register("referrals.gateway", lambda key: GATEWAYS[key].label)
    WORDS.register("referrals.how", lambda key: WAYS[key])


def start(case: Case) -> State:
    return {"referrals": [], "referral_replies": []}


def take(state: State, told: Told) -> None:
    """A correction takes the place of what it corrects; events name each other by their numbers."""
    if told.type == "casework.referred":
        state["referrals"].append(_row(told))
    elif told.type == "casework.referral_corrected":
        state["referrals"] = [
            _row(told) if each["referral"] == told.payload["corrects"] else each
            for each in state["referrals"]
        ]
    elif told.type == "casework.referral_replied":
        reply = {name: told.payload[name] for name in ("body", "received_on", "sha256")}
        state["referral_replies"].append({**reply, "by": told.by, "on": told.day})


def _row(told: Told) -> dict[str, Any]:
    kept = {
        name: told.payload[name] for name in ("body", "gateway", "sent_on", "how", "taken_back", "sha256")
    }
    return {"referral": told.sequence, **kept, "by": told.by, "on": told.day, "reason": told.text}


def present(case: Case) -> State:
    """The same from the rows: each newest referral in the place of the first of its line."""
    newest = Referral.objects.newest().filter(case=case).select_related("event__typed")
    replies = ReferralReply.objects.filter(referral__case=case).select_related("event")
    return {
        "referrals": [_standing(each) for each in sorted(newest, key=lambda each: each.first_key)],
        "referral_replies": [_replied(each) for each in replies.order_by("pk")],
    }


def _standing(each: Referral) -> dict[str, Any]:
    typed = getattr(each.event, "typed", None)
    return {
        "referral": each.event_id,
        "body": each.body,
        "gateway": each.gateway,
        "sent_on": each.sent_on.isoformat(),
        "how": each.how,
        "taken_back": each.is_taken_back,
        "sha256": packet_digest(each),
        "by": each.recorded_by_id,
        "on": day_of(each.recorded_at),
        "reason": typed.text if typed else "",
    }


def _replied(each: ReferralReply) -> dict[str, Any]:
    return {
        "body": each.event.payload["body"],
        "received_on": each.received_on.isoformat(),
        "sha256": text_digest(f"{each.text}\n{each.their_reference}"),
        "by": each.recorded_by_id,
        "on": day_of(each.recorded_at),
    }
