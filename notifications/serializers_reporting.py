"""What the API reads and writes of an investigation report and of its corrective actions. Shape only: rules
are the services'."""

from dataclasses import fields
from typing import Any, Final

from django.db.models import QuerySet
from rest_framework import serializers

from notifications.content import REPORT_SECTIONS, ReportContent
from notifications.forms.questions import LONGEST_TEXT
from notifications.models import Cause, CorrectiveAction, ExposedDose, InvestigationReport, Strength
from notifications.queries import causes_on
from notifications.reports import MOST_ROWS
from notifications.serializers import NamedField, VersionSerializer
from notifications.serializers_following import ReasonSerializer
from regulator import clock
from regulator.strict import Strict

_CONTENT: Final = tuple(each.name for each in fields(ReportContent))
_MAY_BE_MISSING: Final[dict[str, Any]] = {"required": False, "allow_blank": True}


class DoseRowSerializer(Strict, serializers.ModelSerializer[ExposedDose]):
    """The estimated dose to one exposed person, or to each of a group. ``value`` is a decimal in a string."""

    class Meta:
        model = ExposedDose
        fields = ("person", "value", "unit", "method", "estimated_by")
        extra_kwargs = {
            "person": _MAY_BE_MISSING,
            "value": {"required": False, "allow_null": True},
            "unit": _MAY_BE_MISSING,
            "method": _MAY_BE_MISSING,
            "estimated_by": _MAY_BE_MISSING,
        }


class ReportCauseField(NamedField[Cause]):
    """A cause by its slug: of the case's ``modality``, in the edition of the taxonomy in force; or the one
    that the draft has already (``chosen``), of whichever edition."""

    def get_queryset(self) -> QuerySet[Cause]:
        return causes_on(clock.today(), self.context.get("modality", ""))

    def to_internal_value(self, data: Any) -> Cause:
        chosen: Cause | None = self.context.get("chosen")
        return chosen if chosen is not None and data == chosen.slug else super().to_internal_value(data)


class _Sections(serializers.ModelSerializer[InvestigationReport]):
    """The eight sections, any of which may still be empty."""

    dose_rows = DoseRowSerializer(many=True, required=False, max_length=MOST_ROWS)  # type: ignore[call-arg]
    cause = ReportCauseField(
        slug_field="slug", queryset=Cause.objects.none(), required=False, allow_null=True
    )
    earlier_references = serializers.ListField(
        child=serializers.CharField(max_length=40), required=False, max_length=100
    )

    class Meta:
        model = InvestigationReport
        fields = _CONTENT
        extra_kwargs = {
            name: _MAY_BE_MISSING | {"max_length": LONGEST_TEXT}
            for name in (*REPORT_SECTIONS, "no_doses_reason", "no_actions_reason")
        }


class ReportChangesSerializer(VersionSerializer, _Sections):
    """What a report is to say, with the draft's own ``version`` that was read (1 before the first)."""

    class Meta(_Sections.Meta):
        fields = ("version", *_CONTENT, "identifies_nobody")


class ReportDraftSerializer(_Sections):
    """The report that the employer's people are writing. CQC does not see it until it is filed.

    ``version`` is the draft's own. ``missing`` says by field what still stops the filing; ``refusal`` why no
    report can be written now, if none can.
    """

    version = serializers.IntegerField()
    saved_at = serializers.DateTimeField(allow_null=True)
    refusal = serializers.CharField(allow_blank=True)
    missing = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))

    class Meta(_Sections.Meta):
        fields = ("version", "saved_at", "refusal", "missing", *_CONTENT)


class ReportSerializer(_Sections):
    """The report as it was filed."""

    filed_at = serializers.DateTimeField()

    class Meta(_Sections.Meta):
        fields = ("filed_at", *_CONTENT)


class NewActionSerializer(VersionSerializer):
    """A corrective action as it is planned; ``owner_role`` is a role, never a name."""

    what = serializers.CharField(max_length=LONGEST_TEXT)
    strength = serializers.ChoiceField(choices=Strength.choices)
    owner_role = serializers.CharField(max_length=100)
    effect_check = serializers.CharField(max_length=LONGEST_TEXT)
    planned_for = serializers.DateField()


class DoneSerializer(VersionSerializer):
    """On which day an action was done."""

    identifies_nobody = None  # type: ignore[assignment]
    done_on = serializers.DateField()


class MoveSerializer(ReasonSerializer):
    """For which day an action is planned now, and why."""

    planned_for = serializers.DateField()


class ActionSerializer(serializers.ModelSerializer[CorrectiveAction]):
    """A corrective action. ``version`` is the notification's, and goes back with the next deed."""

    standing = serializers.SerializerMethodField()
    version = serializers.SerializerMethodField()

    class Meta:
        model = CorrectiveAction
        fields = (
            *("id", "version", "standing", "what", "strength", "owner_role", "effect_check", "planned_for"),
            *("done_on", "cancelled_at", "cancelled_reason", "added_at"),
        )
        read_only_fields = fields

    def get_standing(self, action: CorrectiveAction) -> str:
        """`open`, `overdue`, `done` or `cancelled`."""
        return action.standing.lower()

    def get_version(self, action: CorrectiveAction) -> int:
        return int(self.context["version"])
