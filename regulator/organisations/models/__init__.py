"""IR(ME)R employers, their sites, who acts for them, who has an interest in them, and how much they do."""

from regulator.organisations.models.activity import (
    EMPLOYERS_RETURN,
    ActivityReturn,
    Completeness,
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
from regulator.organisations.models.interests import Interest, InterestQuerySet
from regulator.organisations.models.keys import ApiKey, ApiKeyQuerySet
from regulator.organisations.models.people import (
    Invitation,
    InvitationQuerySet,
    Membership,
    MembershipQuerySet,
)

__all__ = [
    "EMPLOYERS_RETURN",
    "ActivityReturn",
    "ApiKey",
    "ApiKeyQuerySet",
    "Completeness",
    "Employer",
    "EmployerType",
    "Interest",
    "InterestQuerySet",
    "Invitation",
    "InvitationQuerySet",
    "Membership",
    "MembershipQuerySet",
    "Modality",
    "Site",
    "known_modalities",
    "most_trusted_first",
    "postcode_in_form",
]
