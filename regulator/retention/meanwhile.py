"""What happened on a listed case since its list was put together: anything keeps it."""

from django.db.models import Exists, F, OuterRef, Q

from regulator.casework.kinds import AFTER_REDACTION
from regulator.casework.models import Event
from regulator.retention.models import RetentionBatch
from regulator.retention.services.holds import PLACED, RELEASED
from regulator.retention.services.recording import PROPOSED


def changed_since(batch: RetentionBatch) -> Q:
    """The items of ``batch`` whose case is not as it was listed: at another version, or with something on its
    timeline after the list was proposed. A note, a file and a link raise no version.

    Not what leaves a case as it is: a hold (whether it stands is asked for itself), a reading, a bundle, a
    letter that was on its way. Where the chain does not say when the list was proposed, everything counts.
    """
    leaves = {PLACED, RELEASED, *AFTER_REDACTION}
    proposed = Event.objects.filter(case__isnull=True, type=PROPOSED, payload__batch=batch.pk)
    # A list is put together once and carried out soon: from the newest event back, it is found after a few.
    place = proposed.order_by("-sequence").values_list("sequence", flat=True).first() or 0
    since = Event.objects.filter(case=OuterRef("case"), sequence__gt=place).exclude(type__in=leaves)
    return ~Q(case__version=F("version")) | Q(Exists(since))
