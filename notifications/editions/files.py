"""A file or a text that an administrator gives for an edition: JSON, or a table as CSV."""

import json
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from regulator.editions.forms import ContentForm

LARGEST: Final = 1_000_000
"""Bytes; many times the longest list that CQC has published."""


class FileForm(ContentForm):
    """What a list says: in a file, or in the box, which shows what was read from the file."""

    label = forms.CharField(label="Name", max_length=100, help_text="For example “April 2026 guidance”.")
    source = forms.CharField(label="Source", max_length=400, help_text="Where CQC published it.")
    file = forms.FileField(
        label="File",
        required=False,
        help_text="JSON or CSV, as this page hands it out. What it says takes the place of the text below.",
        widget=forms.ClearableFileInput(attrs={"accept": ".json,.csv,text/csv,application/json"}),
    )
    text = forms.CharField(
        label="As JSON or CSV",
        required=False,
        strip=False,
        max_length=LARGEST,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
    )

    def given(self) -> str:
        """What the file holds, else the box. Raises ``ValidationError`` for neither, and for what is no
        text."""
        file: UploadedFile[Any] | None = self.cleaned_data.get("file")
        if file is None:
            text = str(self.cleaned_data["text"])
            if not text.strip():
                raise ValidationError({"file": "Give a file, or write in the box below."})
            return text
        if (file.size or 0) > LARGEST:
            raise ValidationError({"file": "The file is larger than 1 MB: that is no such list."})
        try:
            return bytes(file.read()).decode("utf-8-sig")
        except UnicodeDecodeError as wrong:
            raise ValidationError({"file": "The file is not text in UTF-8."}) from wrong


def is_json(text: str) -> bool:
    """Whether the text means to be JSON, and not a table."""
    return text.lstrip()[:1] in ("{", "[")


def read_json(text: str) -> list[dict[str, Any]]:
    """A list of objects. ``ValueError`` says what else it is."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as wrong:
        raise ValueError(f"it is no JSON ({wrong})") from wrong
    if isinstance(found, dict):
        found = next((each for each in found.values() if isinstance(each, list)), None)
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise ValueError("it is no list of objects")
    return found
