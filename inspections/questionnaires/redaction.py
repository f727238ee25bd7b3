"""What of a questionnaire is removed: what was written in answer, and why it was returned. What was chosen,
counted and dated stays; whole submissions go with the other texts that are kept beside the chain."""

from inspections.questionnaires.models import Answer, Return
from regulator.casework.redaction.kinds import REDACTORS, REMOVED, Group
from regulator.casework.redaction.removing import blanking


def contribute() -> None:
    of_case = "questionnaire__inspection__case"
    words = {"text": REMOVED, "comment": REMOVED}
    answers = blanking("Answers to questionnaires", Group.TEXTS, Answer, of_case, words)
    REDACTORS.register("questionnaires.answers", answers)
    returns = blanking(
        "Reasons of returned questionnaires", Group.TEXTS, Return, of_case, {"reason": REMOVED}
    )
    REDACTORS.register("questionnaires.returns", returns)
