"""The employer's pages as forms."""

from notifications.forms.after import AmendForm, MoreTimeForm
from notifications.forms.exposures import (
    ImagingForm,
    RadionuclideForm,
    RadiotherapyForm,
    RadiotherapyImagingForm,
)
from notifications.forms.filing import (
    AnswerForm,
    AttachForm,
    FileReportForm,
    KindForm,
    StartForm,
    SubmitForm,
    VersionForm,
    WithdrawForm,
)
from notifications.forms.home import CasesForm
from notifications.forms.licence import (
    AdministrationsForm,
    BreachCircumstancesForm,
    BreachTellingForm,
    LicenceForm,
)
from notifications.forms.section import SectionForm
from notifications.forms.sections import (
    CircumstancesForm,
    CriterionForm,
    ExposedForm,
    IncidentForm,
    LfpseForm,
    ModalityForm,
    TellingForm,
    VoluntaryCriterionForm,
    VoluntaryExposedForm,
)
from notifications.forms.signing import (
    AskSignOffForm,
    CodeForm,
    ConfirmForm,
    DecideForm,
    SignOffRuleForm,
)

__all__ = [
    "AdministrationsForm",
    "AmendForm",
    "AnswerForm",
    "AskSignOffForm",
    "AttachForm",
    "BreachCircumstancesForm",
    "BreachTellingForm",
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
    "KindForm",
    "LfpseForm",
    "LicenceForm",
    "ModalityForm",
    "MoreTimeForm",
    "RadionuclideForm",
    "RadiotherapyForm",
    "RadiotherapyImagingForm",
    "SectionForm",
    "SignOffRuleForm",
    "StartForm",
    "SubmitForm",
    "TellingForm",
    "VersionForm",
    "VoluntaryCriterionForm",
    "VoluntaryExposedForm",
    "WithdrawForm",
]
