"""The employer's pages as forms."""

from notifications.forms.after import AmendForm, MoreTimeForm
from notifications.forms.filing import (
    AnswerForm,
    AttachForm,
    ReportForm,
    StartForm,
    SubmitForm,
    VersionForm,
    WithdrawForm,
)
from notifications.forms.home import CasesForm
from notifications.forms.sections import (
    EXPOSURE_FORMS,
    CircumstancesForm,
    CriterionForm,
    ExposedForm,
    ImagingForm,
    IncidentForm,
    ModalityForm,
    RadionuclideForm,
    RadiotherapyForm,
    SectionForm,
    TellingForm,
)

__all__ = [
    "EXPOSURE_FORMS",
    "AmendForm",
    "AnswerForm",
    "AttachForm",
    "CasesForm",
    "CircumstancesForm",
    "CriterionForm",
    "ExposedForm",
    "ImagingForm",
    "IncidentForm",
    "ModalityForm",
    "MoreTimeForm",
    "RadionuclideForm",
    "RadiotherapyForm",
    "ReportForm",
    "SectionForm",
    "StartForm",
    "SubmitForm",
    "TellingForm",
    "VersionForm",
    "WithdrawForm",
]
