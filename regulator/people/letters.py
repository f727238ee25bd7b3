"""Letters to people about their own sign-in. The texts lie in ``templates/email``."""

from typing import Final

from regulator.outbox.letters import Letter
from regulator.outbox.payload import DAY, FLAG, LINK, MOMENT, TEXT

INVITATION: Final = Letter(
    "people_invitation",
    1,
    "Join CQC’s staff on the IR(ME)R portal as {{ role | lower }}",
    forgotten=True,
    payload={"role": TEXT, "link": LINK, "until": DAY},
    needs=("link",),
)
"""``role`` is its label, ``link`` the secret address."""

FACTOR_CHANGED: Final = Letter(
    "people_factor_changed",
    1,
    "The second step of your sign-in changed",
    payload={"what": TEXT, "when": MOMENT},
    needs=("what",),
)
"""``what`` is a sentence."""

FACTORS_RESET: Final = Letter(
    "people_factors_reset",
    2,
    "Your second step was taken away by an administrator",
    payload={"when": MOMENT},
)
ADDRESS_CHANGED: Final = Letter(
    "people_address_changed",
    1,
    "The address with which you sign in was changed",
    payload={"is_new": FLAG},
)
"""``is_new``: whether it goes to the new address."""

LETTERS: Final = (INVITATION, FACTOR_CHANGED, FACTORS_RESET, ADDRESS_CHANGED)
