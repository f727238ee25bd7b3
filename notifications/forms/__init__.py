"""The employer's pages as forms."""

from notifications.forms.after import AmendForm, MoreTimeForm
from notifications.forms.filing import (
    AnswerForm,
    AttachForm,
    FileReportForm,
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
from notifications.forms.signing import (
    AskSignOffForm,
    CodeForm,
    ConfirmForm,
    DecideForm,
    SignOffRuleForm,
)

__all__ = [
    "EXPOSURE_FORMS",
    "AmendForm",
    "AnswerForm",
    "AskSignOffForm",
    "AttachForm",
    "CasesForm",
    "CircumstancesForm",
    "CodeForm",
    "ConfirmForm",
    "CriterionForm",
    "DecideForm",
    "ExposedForm",
    "FileReportForm",
    "ImagingForm",
    "IncidentForm",
    "ModalityForm",
    "MoreTimeForm",
    "RadionuclideForm",
    "RadiotherapyForm",
    "SectionForm",
    "SignOffRuleForm",
    "StartForm",
    "SubmitForm",
    "TellingForm",
    "VersionForm",
    "WithdrawForm",
]
