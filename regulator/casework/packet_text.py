"""A referral as plain text, to be copied into a letter, an e-mail or another body's own form."""

from collections.abc import Iterable, Iterator

from regulator.casework.referrals import Referral, ReferralReply
from regulator.casework.wording import as_text


def as_plain_text(referral: Referral, replies: Iterable[ReferralReply] = ()) -> str:
    """The whole packet, and what was replied. Its lines are as long as what was typed (no query, where the
    case, the sender and the event are read)."""
    return "\n".join([*_head(referral), *_files(referral), *_facts(referral), *_replies(replies)]) + "\n"


def facts_of_the_record(referral: Referral) -> list[tuple[str, str]]:
    """Label and value of what stands at the head of a packet."""
    rows = [
        ("About", str(referral.case)),
        ("To", referral.to.label),
        ("Sent on", f"{as_text(referral.sent_on)}, {referral.way}"),
        ("Sent by", f"{referral.sent_by} (Care Quality Commission)"),
        ("Gateway", referral.under.label),
        ("Relied on", referral.gateway_text),
        ("What it rests on", f"{referral.under.basis.value}. {referral.under.standing}"),
        ("Their reference", referral.their_reference),
    ]
    return [(label, value) for label, value in rows if value]


def _head(referral: Referral) -> Iterator[str]:
    yield f"Referral to {referral.to.label}"
    if referral.is_taken_back:
        yield "TAKEN BACK: recorded by mistake, this was never sent."
    yield ""
    for label, value in facts_of_the_record(referral):
        yield f"{label}: {value}"
    yield from ("", "What was sent", "", referral.summary)


def _files(referral: Referral) -> Iterator[str]:
    if referral.files:
        yield from ("", "Files", "")
        for each in referral.files:
            yield f"{each['name']} (SHA-256 {each['sha256']})"


def _facts(referral: Referral) -> Iterator[str]:
    for section in referral.sections:
        yield from ("", section["title"], "")
        for label, value in section["rows"]:
            yield f"{label}: {value}"


def _replies(replies: Iterable[ReferralReply]) -> Iterator[str]:
    for each in replies:
        reference = f" (their reference {each.their_reference})" if each.their_reference else ""
        yield from ("", f"Reply of {as_text(each.received_on)}{reference}", "", each.text)
