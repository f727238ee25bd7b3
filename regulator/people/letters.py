"""Letters to people about their own sign-in. The texts lie in ``templates/email``."""

from typing import Final

from regulator.outbox.letters import Letter

INVITATION: Final = Letter(
    "people_invitation", 1, "Join CQC’s staff on the IR(ME)R portal as {{ role | lower }}", forgotten=True
)
"""Context: role (label), link (the secret address), until (date)."""

FACTOR_CHANGED: Final = Letter("people_factor_changed", 1, "The second step of your sign-in changed")
"""Context: what (a sentence), when (moment)."""

FACTORS_RESET: Final = Letter(
    "people_factors_reset", 1, "Your second step was taken away by an administrator"
)
"""Context: when (moment)."""

ADDRESS_CHANGED: Final = Letter("people_address_changed", 1, "The address with which you sign in was changed")
"""Context: is_new (whether this is the new address)."""

LETTERS: Final = (INVITATION, FACTOR_CHANGED, FACTORS_RESET, ADDRESS_CHANGED)
