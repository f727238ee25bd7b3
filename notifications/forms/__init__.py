"""The employer's pages as forms."""

from notifications.forms.exposures import (
    ImagingForm,
    RadionuclideForm,
    RadiotherapyForm,
    RadiotherapyImagingForm,
)
from notifications.forms.filing import (
    AnswerForm,
    AttachForm,
    KindForm,
    ReportForm,
    StartForm,
    SubmitForm,
    VersionForm,
    WithdrawForm,
)
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

__all__ = [
    "AdministrationsForm",
    "AnswerForm",
    "AttachForm",
    "BreachCircumstancesForm",
    "BreachTellingForm",
    "CircumstancesForm",
    "CriterionForm",
    "ExposedForm",
    "ImagingForm",
    "IncidentForm",
    "KindForm",
    "LfpseForm",
    "LicenceForm",
    "ModalityForm",
    "RadionuclideForm",
    "RadiotherapyForm",
    "RadiotherapyImagingForm",
    "ReportForm",
    "SectionForm",
    "StartForm",
    "SubmitForm",
    "TellingForm",
    "VersionForm",
    "VoluntaryCriterionForm",
    "VoluntaryExposedForm",
    "WithdrawForm",
]
