"""One form with every widget, as the employers' pages will have them; shared by the tests of this folder."""

from decimal import Decimal

from django import forms

from regulator.frontend.fields import DecimalField, GovukDateField, PlainErrors, RowVersionField

MODALITIES = [("ct", "CT"), ("ir", "Interventional radiology"), ("rt", "Radiotherapy")]


class EveryWidget(PlainErrors, forms.Form):
    version = RowVersionField()
    title = forms.CharField(label="Local incident number", max_length=40, help_text="As in your own system.")
    email = forms.EmailField(label="Email address", widget=forms.EmailInput(attrs={"autocomplete": "email"}))
    happened_on = GovukDateField(
        label="When did the incident happen?",
        noun="Date of the incident",
        help_text="For example, 27 3 2024",
        not_in_future=True,
    )
    dose = DecimalField(label="Dose", unit="mSv", max_digits=8, decimal_places=3, min_value=Decimal(0))
    people = forms.IntegerField(label="Number of people exposed", min_value=0, max_value=10_000)
    account = forms.CharField(label="What happened?", widget=forms.Textarea, max_length=4000)
    remarks = forms.CharField(label="Anything else", widget=forms.Textarea, required=False)
    modality = forms.ChoiceField(label="Modality", choices=MODALITIES, widget=forms.RadioSelect)
    groups = forms.MultipleChoiceField(
        label="Who was exposed?", choices=[("patient", "Patient"), ("carer", "Carer or comforter")],
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    site = forms.ChoiceField(label="Site", choices=[("", "Choose a site"), ("1", "North wing")])
    agreed = forms.BooleanField(label="I have removed everything that identifies a patient")
    report = forms.FileField(label="Investigation report", required=False)
    secret = forms.CharField(label="Password", widget=forms.PasswordInput, required=False)


class Filters(forms.Form):
    q = forms.CharField(label="Search", required=False)
    modality = forms.ChoiceField(label="Modality", choices=[("", "All"), *MODALITIES], required=False)


GOOD = {
    "version": "3",
    "title": "INC-204",
    "email": "lead@example.org",
    "happened_on_day": "3",
    "happened_on_month": "June",
    "happened_on_year": "2019",
    "dose": "12.5",
    "people": "1",
    "account": "The wrong protocol was chosen.",
    "modality": "ct",
    "groups": ["patient"],
    "site": "1",
    "agreed": "true",
}
