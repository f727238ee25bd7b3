"""What the API reads and writes when a notification is followed. Shape only: rules are the services'."""

from typing import Any

from rest_framework import serializers

from notifications.forms.questions import LONGEST_TEXT
from notifications.serializers import VersionSerializer
from notifications.timeline import Row
from regulator.casework.models import Attachment, InformationRequest
from regulator.deadlines.models import Deadline
from regulator.strict import Strict


class ReasonSerializer(VersionSerializer):
    """A version that was read, and a reason."""

    reason = serializers.CharField(max_length=LONGEST_TEXT)


class MoreTimeSerializer(VersionSerializer):
    """Until which day, and why."""

    asked_until = serializers.DateField()
    reason = serializers.CharField(max_length=LONGEST_TEXT)


class AnswerSerializer(VersionSerializer):
    """An answer to what CQC asked."""

    answer = serializers.CharField(max_length=LONGEST_TEXT)


class UploadSerializer(Strict):
    """A file, and why it identifies nobody where it seems to."""

    file = serializers.FileField(max_length=200, allow_empty_file=True)
    identifies_nobody = serializers.CharField(max_length=2000, required=False, default="", allow_blank=True)


class AttachmentSerializer(serializers.ModelSerializer[Attachment]):
    """A file of the employer's. ``scan`` is ``pending``, ``clean`` or ``infected``."""

    class Meta:
        model = Attachment
        fields = ("id", "name", "content_type", "size", "scan", "uploaded_at")
        read_only_fields = fields


class QuestionSerializer(serializers.ModelSerializer[InformationRequest]):
    """What CQC asked, by when it is to be answered, and the answer."""

    class Meta:
        model = InformationRequest
        fields = ("id", "question", "asked_at", "due_on", "answer", "answered_at")
        read_only_fields = fields


class DateSerializer(serializers.ModelSerializer[Deadline]):
    """A date of the case, with the rule by which it was counted."""

    label = serializers.CharField(read_only=True)  # type: ignore[assignment]
    rule = serializers.CharField(read_only=True)
    is_late = serializers.BooleanField(read_only=True)

    class Meta:
        model = Deadline
        fields = ("kind", "label", "start_on", "due_on", "met_on", "ended_at", "rule", "is_late")
        read_only_fields = fields


class HappeningSerializer(serializers.Serializer[Row]):
    """One thing that happened, in a sentence."""

    at = serializers.DateTimeField()
    sentence = serializers.CharField()


class FollowSerializer(serializers.Serializer[Any]):
    """Where a notification stands; what happened comes newest first."""

    status = serializers.CharField()
    status_label = serializers.CharField()
    merged_into = serializers.CharField(
        allow_null=True,
        help_text="The reference of the notification of the same incident that goes on instead.",
    )
    version = serializers.IntegerField()
    dates = DateSerializer(many=True)
    questions = QuestionSerializer(many=True)
    happenings = HappeningSerializer(many=True)
