"""The reads on compliance: each says how many SQL queries it takes."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, prefetch_related_objects
from django.http import Http404

from enforcement.binding import suspending
from enforcement.compliance.models import AppealClaim, EvidenceFile, EvidenceItem, EvidenceSet, Prosecution
from enforcement.lifecycle import CANCELLED, NOT_COMPLIED, SERVED, UNDER_APPEAL, WITHDRAWN
from enforcement.models import Appeal, Notice
from enforcement.papers.models import Paper
from inspections.queries import in_reach
from regulator.accounts.models import User
from regulator.casework.models import Attachment, Case
from regulator.casework.reading import listed
from regulator.casework.references import is_well_formed, normalise
from regulator.deadlines.models import ExtensionRequest
from regulator.legislation.models import Provision
from regulator.organisations.policies import Somebody

LISTS: Final[dict[str, Any]] = {
    "compliance.sets": lambda pk: EvidenceSet.objects.filter(notice=pk),
    "compliance.items": lambda pk: EvidenceItem.objects.filter(
        evidence__notice=pk, evidence__submitted_at__isnull=False
    ),
    "compliance.files": lambda pk: EvidenceFile.objects.filter(
        item__evidence__notice=pk, item__evidence__submitted_at__isnull=False
    ),
    "compliance.claims": lambda pk: AppealClaim.objects.filter(notice=pk),
    "compliance.prosecutions": lambda pk: Prosecution.objects.filter(notice=pk),
}
"""What hangs on a notice and is read with its page, by the name under which ``listed`` answers it."""
WHOLE: Final = "What the notice requires"
"""What an item is about where the notice names no provision."""
_ENDED: Final = (WITHDRAWN, CANCELLED)


@dataclass(frozen=True, slots=True)
class Part:
    """One thing to which evidence is owed, with what a set says to it."""

    provision: Provision | None
    item: EvidenceItem | None = None
    files: tuple[EvidenceFile, ...] = field(default=())

    @property
    def key(self) -> int:
        """By which number it goes in an address; 0 for the whole."""
        return self.provision.pk if self.provision else 0

    @property
    def title(self) -> str:
        return self.provision.citation if self.provision else WHOLE


def detail(reference: str, user: Somebody) -> Notice:
    """One served notice of ``user``'s employer, by its reference: one query, and one for memberships.
    ``Http404`` for a stranger's and for one that the employer does not know of, as for none."""
    if not is_well_formed(reference):
        raise Http404("No notice of yours has this reference.")
    seen = Case.objects.for_user(user).filter(kind="notice", reference=normalise(reference))
    people = ("case__employer", "case__site", "legal_power", "inspection__case")
    found = Notice.objects.filter(case__in=seen, served_on__isnull=False).select_related(*people).first()
    if found is None:
        raise Http404("No notice of yours has this reference.")
    return found


def notices_for(user: User) -> QuerySet[Notice]:
    """The notices served on the employers of ``user``, those that still run first, with their appeals (two
    queries, and one for memberships)."""
    seen = Case.objects.for_user(user).filter(kind="notice").order_by()
    served = Notice.objects.filter(case__in=seen.values("pk"), served_on__isnull=False)
    read = served.select_related("case__employer", "case__site").prefetch_related("appeals")
    return read.order_by("case__closed_at", "compliance_on", "-served_on", "pk")


def parts_of(notice: Notice, evidence: EvidenceSet | None) -> list[Part]:
    """What evidence is owed to, in the order of the notice, with what ``evidence`` says (at most three
    queries, whatever their number)."""
    breaches = notice.breaches.select_related("provision")
    provisions: list[Provision | None] = [each.provision for each in breaches]
    said = {each.provision_id: each for each in items_of(evidence)} if evidence else {}
    return [
        Part(each, item, tuple(item.files.all()) if item else ())
        for each in (provisions or [None])
        for item in (said.get(each.pk if each else None),)
    ]


def items_of(evidence: EvidenceSet) -> list[EvidenceItem]:
    """What a set says, in the order of the law, with provisions and files (two queries)."""
    files = Prefetch("files", EvidenceFile.objects.select_related("attachment"))
    items = evidence.items.select_related("provision").prefetch_related(files)
    return list(items.order_by("provision__position", "pk"))


def missing(parts: Iterable[Part]) -> list[Part]:
    """Those to which nothing is said yet. No query."""
    return [each for each in parts if each.item is None]


def sets_of(notice: Notice) -> list[EvidenceSet]:
    """Its sets of evidence, the first first (one query)."""
    return list(notice.evidence_sets.select_related("submitted_by", "returned_by", "accepted_by"))


def in_hand(notice: Notice | int) -> EvidenceSet | None:
    """The set that is being gathered, or waits for CQC (one query)."""
    key = notice.pk if isinstance(notice, Notice) else notice
    return EvidenceSet.objects.in_hand().filter(notice=key).first()


def sent_set(notice: Notice, number: int) -> EvidenceSet:
    """One that CQC was sent (one query). ``Http404`` for any other."""
    sent = EvidenceSet.objects.sent().filter(notice=notice, number=in_reach(number))
    found = sent.select_related("submitted_by", "returned_by", "accepted_by").first()
    if found is None:
        raise Http404("There is no such evidence.")
    return found


def said_of_last(notice: Notice) -> dict[str, Any]:
    """The set that CQC returned last, and its remarks by the key of a part (two queries at most)."""
    last = notice.evidence_sets.filter(returned_at__isnull=False).last()
    items = last.items.exclude(remark="") if last else ()
    return {"returned": last, "remarks": {each.provision_id or 0: each.remark for each in items}}


def papers_of(notice: Notice) -> set[str]:
    """The kinds of document that can be read of the service that stands (one query)."""
    served = Paper.objects.filter(attempt__notice=notice, attempt__failed_on=None).exclude(facts={})
    return set(served.values_list("kind", flat=True))


def claims_of(notice: Notice) -> list[AppealClaim]:
    """The appeals of which the employer told CQC, the first first (one query)."""
    return list(notice.appeal_claims.select_related("told_by", "office_copy"))


def appeals_of(notice: Notice) -> list[Appeal]:
    """The appeals on record, the first first (one query); ``notice`` keeps them, so that none reads them
    again."""
    prefetch_related_objects([notice], "appeals")
    return list(notice.appeals.all())


def requests_of(notice: Notice) -> list[ExtensionRequest]:
    """The requests for more time to comply, the newest first (one query)."""
    asked = ExtensionRequest.objects.filter(deadline__case=notice.pk, deadline__kind="comply")
    return list(asked.select_related("asked_by"))


def files(notice: Notice) -> QuerySet[Attachment]:
    """The files that the employer's own people attached, the earliest first; none of CQC's (one query)."""
    return Attachment.objects.filter(case=notice.pk).of_the_employer()


def file(notice: Notice, pk: int) -> Attachment:
    """One of those files (one query). ``Http404`` for any other."""
    found = files(notice).filter(pk=in_reach(pk)).first()
    if found is None:
        raise Http404("There is no such file.")
    return found


def waiting_set(case: Case) -> EvidenceSet | None:
    """The evidence on a notice's case that waits for CQC. No query once the case's lists are read."""
    found: list[EvidenceSet] = listed(case, "compliance.sets")
    return next((each for each in found if each.is_waiting), None)


def open_claim(case: Case) -> AppealClaim | None:
    """The appeal that waits to be confirmed. No query once the case's lists are read."""
    found: list[AppealClaim] = listed(case, "compliance.claims")
    return next((each for each in found if each.is_open), None)


def evidence_waits() -> Q:
    """Notices whose evidence waits for CQC's answer: not while an appeal suspends an improvement notice. A
    condition on cases."""
    suspended = Exists(Appeal.objects.filter(suspending(), notice=OuterRef("notice")))
    waiting = EvidenceSet.objects.waiting().filter(~suspended, notice=OuterRef("pk"))
    return Q(kind="notice", status__in=(SERVED, NOT_COMPLIED, UNDER_APPEAL)) & Q(Exists(waiting))


def asks_for_time() -> Q:
    """Notices for which more time is asked. A condition on cases."""
    waiting = ExtensionRequest.objects.filter(
        deadline__case=OuterRef("pk"), deadline__kind="comply", decision=""
    )
    return Q(kind="notice") & Q(Exists(waiting))


def tells_of_appeal() -> Q:
    """Notices against which the employer says that it appealed. A condition on cases."""
    waiting = AppealClaim.objects.filter(notice=OuterRef("pk"), decision="")
    return Q(kind="notice") & ~Q(status__in=_ENDED) & Q(Exists(waiting))


def to_prosecute() -> Q:
    """Notices referred to prosecution, about which nothing was decided yet. A condition on cases."""
    undecided = Prosecution.objects.filter(notice=OuterRef("pk"), outcome="")
    return Q(kind="notice") & Q(Exists(undecided))


def appeals_told() -> Q:
    """As ``tells_of_appeal``, by keys: for lists of cases to be kept or not."""
    waiting = AppealClaim.objects.filter(decision="").order_by().values("notice")
    return Q(pk__in=waiting) & ~Q(status__in=_ENDED)


def prosecutions_open() -> Q:
    """As ``to_prosecute``, by keys."""
    return Q(pk__in=Prosecution.objects.filter(outcome="").order_by().values("notice"))
