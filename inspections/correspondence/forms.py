"""The forms of the employer's pages: a comment on the facts, and sending the comments."""

from django import forms
from django.core.validators import MaxLengthValidator

from inspections.correspondence.services.commenting import LONGEST_COMMENT
from notifications.forms import VersionForm


class PointForm(VersionForm):
    """What is not right, and what it should say."""

    wrong = forms.CharField(
        label="What is not right?",
        help_text="Point to the words, and say why. Use roles, not names.",
        validators=[MaxLengthValidator(LONGEST_COMMENT)],
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Say what is not right"},
    )
    should_say = forms.CharField(
        label="What should it say?",
        validators=[MaxLengthValidator(LONGEST_COMMENT)],
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Say what it should say"},
    )
    file = forms.FileField(
        label="A file that shows it (optional)",
        help_text="A PDF, Word, Excel, PNG, JPEG, CSV or text file, up to 25 MB. CQC sees it at once.",
        required=False,
        error_messages={"empty": "The file is empty. Choose another"},
    )
