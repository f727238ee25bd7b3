"""IR(ME)R employers, their sites, who acts for them, and how much they do."""

from regulator.organisations.models.activity import (
    EMPLOYERS_RETURN,
    UNIT_OF,
    ActivityReminder,
    ActivityReturn,
    Completeness,
    amount_in_words,
    most_trusted_first,
)
from regulator.organisations.models.employers import (
    Employer,
    EmployerType,
    Modality,
    Site,
    known_modalities,
    postcode_in_form,
)
from regulator.organisations.models.keys import ApiKey, ApiKeyQuerySet
from regulator.organisations.models.people import (
    Invitation,
    InvitationQuerySet,
    Membership,
    MembershipQuerySet,
)

__all__ = [
    "EMPLOYERS_RETURN",
    "UNIT_OF",
    "ActivityReminder",
    "ActivityReturn",
    "ApiKey",
    "ApiKeyQuerySet",
    "Completeness",
    "Employer",
    "EmployerType",
    "Invitation",
    "InvitationQuerySet",
    "Membership",
    "MembershipQuerySet",
    "Modality",
    "Site",
    "amount_in_words",
    "known_modalities",
    "most_trusted_first",
    "postcode_in_form",
]
