"""What the employer says of itself: its own rules."""

from regulator.accounts.models import User
from regulator.organisations.chronicle import recording
from regulator.organisations.models import Employer
from regulator.organisations.policies import permit_now


def set_sign_off_rule(*, employer: Employer, demanded: bool, by: User) -> Employer:
    """Say whether every notification of the employer's needs a sign-off; its history keeps who said so.

    Recorded. Holds for drafts that are under way, too. Raises ``NotPermitted`` for anybody but the
    employer's lead.
    """
    with recording() as append:
        permit_now(by, "organisations.set_sign_off_rule", employer=employer.pk)
        held = Employer.objects.select_for_update().get(pk=employer.pk)
        if held.requires_sign_off != demanded:
            held.requires_sign_off = demanded
            vars(held)["_history_user"] = by
            held.save(update_fields=["requires_sign_off"])
            payload = {"employer": held.pk, "demanded": demanded}
            append("organisations.sign_off_rule_set", case=None, by=by, payload=payload)
    employer.requires_sign_off = demanded
    return employer
