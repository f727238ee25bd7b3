"""Who may come in through CQC's identity provider: existing, active staff, by the address that it vouches
for.

Nobody is made by coming in. Whoever came in once is bound to the provider's own name of them (``sub``), so
that an address which is given to somebody else there does not open what was theirs here.
"""

from collections.abc import Mapping
from typing import Any

from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.conf import settings
from django.utils.crypto import constant_time_compare

from regulator.accounts.backends import may_sign_in
from regulator.accounts.models import User


class Refused(Exception):
    """Not let in; the message says why, for the log alone: a stranger learns nothing."""


def person_of(login: SocialLogin, claims: Mapping[str, Any], state: Mapping[str, Any]) -> User:
    """The member of staff who came back from the provider. Raises ``Refused`` for everybody else."""
    nonce = state.get("nonce")
    if not nonce or not constant_time_compare(str(claims.get("nonce", "")), nonce):
        raise Refused("the answer is not to this question (nonce)")
    person = _by_address(claims)
    uid = str(login.account.uid)
    known = SocialAccount.objects.filter(provider=login.account.provider)
    theirs = known.filter(user=person).first()
    if theirs is None and not known.filter(uid=uid).exists():
        SocialAccount.objects.create(provider=login.account.provider, uid=uid, user=person, extra_data={})
    elif theirs is None or theirs.uid != uid:
        raise Refused(f"person {person.pk} is another one at the provider")
    return person


def second_step_counts(claims: Mapping[str, Any]) -> bool:
    """Whether the provider says that a second factor was used, in words that ``OIDC_SECOND_FACTOR`` lists."""
    used = claims.get("amr")
    return isinstance(used, list) and any(each in settings.OIDC_SECOND_FACTOR for each in used)


def _by_address(claims: Mapping[str, Any]) -> User:
    address = claims.get(settings.OIDC_EMAIL_CLAIM)
    if not isinstance(address, str) or claims.get("email_verified", True) is not True:
        raise Refused("the provider vouches for no address")
    person = User.objects.filter(email=address.strip().lower()).exclude(role="").first()
    if person is None or not may_sign_in(person):
        raise Refused("nobody on the staff who may sign in has this address")
    return person
