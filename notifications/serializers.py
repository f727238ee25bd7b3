"""What the API reads and writes of a notification. Shape only: rules and writes are the services'."""

from collections.abc import MutableMapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, TypeVar

from django.db.models import Model, QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from notifications.content import SECTIONS, STORED_FIELDS
from notifications.lfpse import still_to_send
from notifications.models import (
    Cause,
    DutyHolder,
    ImagingExposure,
    LicenceBreach,
    Notification,
    OtherBody,
    RadionuclideExposure,
    RadiotherapyExposure,
)
from notifications.queries import taxonomy_on
from regulator import clock
from regulator.casework.identifiers import Kind
from regulator.casework.services.identifiers import LONGEST_REASON
from regulator.deadlines.models import Deadline
from regulator.organisations.models import Modality, Site
from regulator.strict import Strict

if TYPE_CHECKING:
    pass

_OWN: Final = tuple(name for name in STORED_FIELDS if name != "reporter_cause")


IDENTIFIES_NOBODY: Final = (
    "Why what looks like an identifier identifies nobody. Needed only after a refusal that lists "
    "`identifiers`."
)


def _identifies_nobody() -> serializers.CharField:
    return serializers.CharField(
        required=False, allow_blank=True, max_length=LONGEST_REASON, help_text=IDENTIFIES_NOBODY
    )


class ImagingSerializer(Strict, serializers.ModelSerializer[ImagingExposure]):
    class Meta:
        model = ImagingExposure
        exclude = ("notification",)


class RadiotherapySerializer(Strict, serializers.ModelSerializer[RadiotherapyExposure]):
    class Meta:
        model = RadiotherapyExposure
        exclude = ("notification",)


class RadionuclideSerializer(Strict, serializers.ModelSerializer[RadionuclideExposure]):
    class Meta:
        model = RadionuclideExposure
        exclude = ("notification",)


class LicenceBreachSerializer(Strict, serializers.ModelSerializer[LicenceBreach]):
    class Meta:
        model = LicenceBreach
        exclude = ("notification",)


Row = TypeVar("Row", bound=Model)


class NamedField(serializers.SlugRelatedField[Row]):
    """A row by its slug. A text that no slug can be is answered as a slug that is not there."""

    def to_internal_value(self, data: Any) -> Row:
        if "\x00" in str(data):
            self.fail("invalid")
        return super().to_internal_value(data)


class CauseField(NamedField[Cause]):
    """A cause by its slug, in the edition of the taxonomy that is in force."""

    def get_queryset(self) -> QuerySet[Cause]:
        return Cause.objects.filter(version=taxonomy_on(clock.today()))


class SiteField(NamedField[Site]):
    """A site by its key, among those of the employer in question."""

    def get_queryset(self) -> QuerySet[Site]:
        return Site.objects.filter(employer=self.context.get("employer"))


class DraftSerializer(Strict, serializers.ModelSerializer[Notification]):
    """A draft: every field may be left out. ``employer`` is needed only by who acts for several."""

    employer = serializers.SlugField(required=False)
    site = SiteField(slug_field="key", queryset=Site.objects.none(), required=False, allow_null=True)
    modality = serializers.ChoiceField(choices=Modality.choices, required=False, allow_blank=True)
    complementary_codes = serializers.ListField(child=serializers.SlugField(), required=False, max_length=20)
    duty_holders_involved = serializers.ListField(
        child=serializers.ChoiceField(choices=DutyHolder.choices), required=False
    )
    other_bodies_told = serializers.ListField(
        child=serializers.ChoiceField(choices=OtherBody.choices), required=False
    )
    reporter_cause = CauseField(
        slug_field="slug", queryset=Cause.objects.none(), required=False, allow_null=True
    )
    imaging = ImagingSerializer(required=False, allow_null=True)
    radiotherapy = RadiotherapySerializer(required=False, allow_null=True)
    radionuclide = RadionuclideSerializer(required=False, allow_null=True)
    licence_breach = LicenceBreachSerializer(required=False, allow_null=True)
    identifies_nobody = _identifies_nobody()

    class Meta:
        model = Notification
        fields = (
            "employer",
            "site",
            "modality",
            *_OWN,
            "complementary_codes",
            "reporter_cause",
            *SECTIONS,
            "identifies_nobody",
        )


class DraftChangesSerializer(DraftSerializer):
    """Changes to a draft, with the version that was read. The employer stays."""

    version = serializers.IntegerField(min_value=1, max_value=2_147_483_647)
    employer = None  # type: ignore[assignment]

    class Meta(DraftSerializer.Meta):
        fields = ("version", *(name for name in DraftSerializer.Meta.fields if name != "employer"))


class VersionSerializer(Strict):
    """The version that was read."""

    version = serializers.IntegerField(min_value=1, max_value=2_147_483_647)
    identifies_nobody = _identifies_nobody()


class ClockSerializer(serializers.ModelSerializer[Deadline]):
    """A deadline of the case: ``met_on`` is the day on which it was done."""

    is_late = serializers.BooleanField(read_only=True)

    class Meta:
        model = Deadline
        fields = ("kind", "start_on", "due_on", "met_on", "is_late")
        read_only_fields = fields


class Told(serializers.ModelSerializer[Row]):
    """What is only read. A choice that was not made is the empty text, and the document says so."""

    def include_extra_kwargs(
        self, kwargs: MutableMapping[str, Any], extra_kwargs: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        may_be_empty = {"allow_blank": True} if "choices" in kwargs and kwargs.get("allow_blank") else {}
        return {**super().include_extra_kwargs(kwargs, extra_kwargs), **may_be_empty}


class NotificationSerializer(Told[Notification]):
    """A notification as its employer sees it. ``version`` goes back with the next change."""

    id = serializers.IntegerField(source="pk", read_only=True)
    reference = serializers.CharField(source="case.reference", read_only=True, allow_null=True)
    status = serializers.CharField(source="case.status", read_only=True)
    status_label = serializers.CharField(source="case.status_label", read_only=True)
    version = serializers.IntegerField(source="case.version", read_only=True)
    opened_at = serializers.DateTimeField(source="case.opened_at", read_only=True, allow_null=True)
    closed_at = serializers.DateTimeField(source="case.closed_at", read_only=True, allow_null=True)
    redacted_at = serializers.DateTimeField(
        source="case.redacted_at",
        read_only=True,
        allow_null=True,
        help_text="When what was written about it was removed under the retention policy: from then on texts "
        "are empty or say that they are no longer kept. `null` where that was not done.",
    )
    employer = serializers.SlugField(source="case.employer.key", read_only=True)
    site = serializers.SerializerMethodField()
    modality = serializers.CharField(source="case.modality", read_only=True)
    deadlines = ClockSerializer(source="case.deadlines", many=True, read_only=True)
    complementary_codes: "serializers.SlugRelatedField[Any]" = serializers.SlugRelatedField(
        slug_field="key", many=True, read_only=True
    )
    duty_holders_involved = serializers.ListField(
        child=serializers.ChoiceField(choices=DutyHolder.choices), read_only=True
    )
    other_bodies_told = serializers.ListField(
        child=serializers.ChoiceField(choices=OtherBody.choices), read_only=True
    )
    reporter_cause: "serializers.SlugRelatedField[Any]" = serializers.SlugRelatedField(
        slug_field="slug", read_only=True, allow_null=True
    )
    imaging = serializers.SerializerMethodField()
    radiotherapy = serializers.SerializerMethodField()
    radionuclide = serializers.SerializerMethodField()
    licence_breach = serializers.SerializerMethodField()
    lfpse_notice = serializers.SerializerMethodField(
        help_text="What a record on LFPSE leaves to be done; empty where `on_lfpse` was not said."
    )

    class Meta:
        model = Notification
        fields = (
            "id",
            "reference",
            "status",
            "status_label",
            "version",
            "opened_at",
            "closed_at",
            "redacted_at",
            "employer",
            "site",
            "modality",
            "deadlines",
            *_OWN,
            "criteria_regime",
            "complementary_codes",
            "reporter_cause",
            *SECTIONS,
            "lfpse_notice",
        )
        read_only_fields = fields

    def get_lfpse_notice(self, notification: Notification) -> str:
        return still_to_send(notification) if notification.on_lfpse else ""

    def get_site(self, notification: Notification) -> str | None:
        """The site's key."""
        site = notification.case.site
        return site.key if site else None

    @extend_schema_field(ImagingSerializer(allow_null=True))
    def get_imaging(self, notification: Notification) -> dict[str, Any] | None:
        row = getattr(notification, "imaging", None)
        return dict(ImagingSerializer(row).data) if row else None

    @extend_schema_field(RadiotherapySerializer(allow_null=True))
    def get_radiotherapy(self, notification: Notification) -> dict[str, Any] | None:
        row = getattr(notification, "radiotherapy", None)
        return dict(RadiotherapySerializer(row).data) if row else None

    @extend_schema_field(RadionuclideSerializer(allow_null=True))
    def get_radionuclide(self, notification: Notification) -> dict[str, Any] | None:
        row = getattr(notification, "radionuclide", None)
        return dict(RadionuclideSerializer(row).data) if row else None

    @extend_schema_field(LicenceBreachSerializer(allow_null=True))
    def get_licence_breach(self, notification: Notification) -> dict[str, Any] | None:
        row = getattr(notification, "licence_breach", None)
        return dict(LicenceBreachSerializer(row).data) if row else None


class CorrectionSerializer(NotificationSerializer):
    """What a submitted notification would say once the correction in hand is sent; CQC sees none of it yet.

    ``version`` is the correction's own; ``saved_at`` is missing while none is in hand; ``refusal`` says why
    none can be made now.
    """

    version = serializers.SerializerMethodField()  # type: ignore[assignment]
    saved_at = serializers.SerializerMethodField()
    refusal = serializers.SerializerMethodField()
    complementary_codes = serializers.SerializerMethodField()  # type: ignore[assignment]

    class Meta(NotificationSerializer.Meta):
        fields = (
            *("version", "saved_at", "refusal", "site", "modality", *_OWN),
            *("complementary_codes", "reporter_cause", *SECTIONS),
        )
        read_only_fields = fields

    def get_version(self, told: Notification) -> int:
        return int(self.context["version"])

    def get_saved_at(self, told: Notification) -> datetime | None:
        found: datetime | None = self.context["saved_at"]
        return found

    def get_refusal(self, told: Notification) -> str:
        return str(self.context["refusal"])

    def get_complementary_codes(self, told: Notification) -> list[str]:
        return [code.key for code in told.complementary_codes.all()]


class IdentifierSerializer(serializers.Serializer[Any]):
    """Where a text seems to identify somebody: the line from 1, the places in characters from 0."""

    field = serializers.CharField()
    kind = serializers.ChoiceField(choices=[(kind.value, kind.label) for kind in Kind])
    line = serializers.IntegerField()
    start = serializers.IntegerField()
    end = serializers.IntegerField()


class ProblemSerializer(serializers.Serializer[Any]):
    """A refusal, as ``regulator.problems`` writes it."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField())
    )
    version = serializers.IntegerField(required=False, help_text="The current version, after a stale write.")
    identifiers = IdentifierSerializer(
        many=True, required=False, help_text="What seems to identify somebody, where that is why."
    )
