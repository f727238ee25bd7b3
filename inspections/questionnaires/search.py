"""By which texts of theirs questionnaires are found: what was submitted, and why it was returned."""

from collections.abc import Collection, Iterator

from inspections.questionnaires.models import Answer, Return


def found_by(keys: Collection[int]) -> Iterator[tuple[int, str]]:
    """What was answered in words, once it is CQC's to read, and the reasons (two queries)."""
    of_case = "questionnaire__inspection"
    answers = Answer.objects.filter(
        questionnaire__inspection__in=keys, questionnaire__submitted_at__isnull=False
    )
    for key, text, comment in answers.order_by().values_list(of_case, "text", "comment"):
        yield key, f"{text}\n{comment}"
    yield from (
        Return.objects.filter(questionnaire__inspection__in=keys).order_by().values_list(of_case, "reason")
    )
