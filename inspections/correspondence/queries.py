"""The reads on correspondence: each says how many SQL queries it takes."""

from typing import Final

from django.db.models import Q, QuerySet
from django.http import Http404

from inspections.correspondence.models import AccuracyPoint, AccuracyRound, Correspondence
from inspections.correspondence.services.commenting import not_commentable
from inspections.correspondence.services.preparing import MOVES
from inspections.lifecycle import LIFECYCLE
from inspections.models import Inspection
from inspections.queries import in_reach
from regulator.accounts.models import User
from regulator.casework.models import Case
from regulator.casework.references import is_well_formed, normalise
from regulator.organisations.policies import Somebody

LETTERS: Final = "correspondence.letters"
ROUNDS: Final = "correspondence.rounds"
POINTS: Final = "correspondence.points"
_MOST: Final = 32_767
_NOTHING: Final = "No letter of yours has this address."


def letters_of(key: int) -> QuerySet[Correspondence]:
    """Every letter of an inspection."""
    return Correspondence.objects.filter(inspection=key)


def sent_rounds(key: int) -> QuerySet[AccuracyRound]:
    """The rounds of comments that CQC may read: those that were sent."""
    return AccuracyRound.objects.filter(inspection=key, sent_at__isnull=False)


def sent_points(key: int) -> QuerySet[AccuracyPoint]:
    """The comments that CQC may read."""
    return AccuracyPoint.objects.filter(round__inspection=key, round__sent_at__isnull=False)


def letter_to_read(reference: str, number: int, user: Somebody) -> Correspondence:
    """A letter that ``user`` may read: staff every one of a case that they see, the employer's people those
    that were sent (one query, and one for memberships). ``Http404`` for any other, and for one that was
    redacted."""
    if not is_well_formed(reference):
        raise Http404(_NOTHING)
    cases = Case.objects.for_user(user).filter(kind="inspection", reference=normalise(reference))
    letters = Correspondence.objects.all() if _is_staff(user) else Correspondence.objects.sent()
    found = letters.filter(inspection__case__in=cases, number=min(number, _MOST)).exclude(facts={})
    letter = found.select_related("inspection__case").first()
    if letter is None:
        raise Http404(_NOTHING)
    return letter


def _is_staff(user: Somebody) -> bool:
    return isinstance(user, User) and bool(user.role)


def sent_letters(inspection: Inspection) -> list[Correspondence]:
    """What was sent to the employer, the newest first (one query)."""
    return list(Correspondence.objects.sent().filter(inspection=inspection.pk).order_by("-number"))


def open_round(inspection: Inspection) -> AccuracyRound | None:
    """The round in which the employer may comment (one query); ``None`` where there is none."""
    if not_commentable(inspection.case):
        return None
    return AccuracyRound.objects.open().filter(inspection=inspection.pk).first()


def rounds_of(inspection: Inspection) -> list[AccuracyRound]:
    """Every round, the newest first, each with its comments, their findings and files (two queries)."""
    rounds = AccuracyRound.objects.filter(inspection=inspection.pk).select_related("sent_by")
    found = list(rounds.order_by("-pk"))
    points = AccuracyPoint.objects.filter(round__in=found).select_related("finding", "file")
    by_round: dict[int, list[AccuracyPoint]] = {each.pk: [] for each in found}
    for point in points.order_by("number", "pk"):
        by_round[point.round_id].append(point)
    for each in found:
        vars(each)["comments"] = by_round[each.pk]
    return found


def point_about(
    round: AccuracyRound, *, finding: int | None = None, subject: str = ""
) -> AccuracyPoint | None:
    """What is kept of one finding or subject in a round (one query)."""
    about = {"finding": in_reach(finding)} if finding is not None else {"subject": subject}
    return round.points.filter(**about).select_related("file").first()


def waiting_for_a_second_person(user: User) -> Q:
    """Inspections with a letter that can be sent and that ``user`` did not prepare. A condition on
    cases."""
    letters = Correspondence.objects.waiting().exclude(prepared_by=user.pk).order_by()
    possible = Q()
    for kind, move in MOVES.items():
        sources = LIFECYCLE.transitions[move].sources
        possible |= Q(kind=kind, inspection__case__status__in=sources)
    return Q(kind="inspection", pk__in=letters.filter(possible).values("inspection"))
