"""What of the letters and comments is removed: every word. That there was a letter, of which kind, who
prepared and who sent it, its digest, the number of comments and how each was answered stay."""

from inspections.correspondence.models import AccuracyPoint, Correspondence
from regulator.casework.redaction.kinds import REDACTORS, REMOVED, Group
from regulator.casework.redaction.removing import blanking


def contribute() -> None:
    said = {"facts": {}, "choices": {}, "rejection": REMOVED}
    letters = blanking("Letters of inspections", Group.TEXTS, Correspondence, "inspection__case", said)
    REDACTORS.register("correspondence.letters", letters)
    words = dict.fromkeys(("wrong", "should_say", "answer", "new_text"), REMOVED)
    points = blanking("Comments on the facts", Group.TEXTS, AccuracyPoint, "round__inspection__case", words)
    REDACTORS.register("correspondence.points", points)
