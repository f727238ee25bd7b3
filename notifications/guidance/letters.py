"""The letter of the digest. Its text is erased once it has left: it carries a link that is a secret."""

from smtplib import SMTPRecipientsRefused
from typing import Final

from notifications.guidance.links import unsubscribe_headers
from notifications.guidance.models import DigestLetter
from notifications.guidance.services.wishing import acts_for_an_employer, stop_wish
from regulator.outbox.letters import Letter
from regulator.outbox.models import Message
from regulator.outbox.payload import LINK, TEXT, Value
from regulator.outbox.services import forget

_NOT_THERE: Final = 550
"""The reply by which a mail server refuses an address for good (RFC 5321, section 4.2.3)."""


def headers_as_it_leaves(message: int) -> dict[str, str]:
    """The headers of the letter whose row has that key, asked in the moment in which it leaves.

    Weeks may pass in a queue. Where whoever asked for it acts for no employer any more, or may not sign in,
    the wish ends and the letter is forgotten; so is a letter without a wish. Either raises
    ``SMTPRecipientsRefused``, as a mail server does that has nobody of that name: the outbox then sends
    nothing, tries no more, and goes on with the next letter.
    """
    letter = DigestLetter.objects.select_related("wish__user").filter(message_id=message).first()
    if letter is not None and acts_for_an_employer(letter.wish.user):
        return unsubscribe_headers(letter.wish)
    if letter is not None:
        stop_wish(wish=letter.wish)
    forget(Message.objects.filter(pk=message))
    raise SMTPRecipientsRefused({"whoever asked": (_NOT_THERE, b"wants or may have the digest no more")})


DIGEST: Final = Letter(
    "guidance_digest",
    1,
    "New learning and guidance on medical exposures: {{ month }}",
    forgotten=True,
    payload={
        "month": Value(("March 2026",)),
        "about": TEXT,
        "lines": Value((("Guidance for employers", "- Equipment (changed). https://portal.example/a/"),)),
        "more": Value((3, 1, 0)),
        "setting_url": LINK,
        "stop_url": LINK,
    },
    needs=("lines", "stop_url"),
    headers=headers_as_it_leaves,
)
LETTERS: Final = (DIGEST,)
