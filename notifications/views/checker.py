"""The public criteria checker: its questions page by page, its answer, and a draft made of the answers.

Nothing is stored: the answers travel in the address, so that going back changes nothing and a page can be
kept or sent on. They tell of no person.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from notifications import services
from notifications.advice import draft_of
from notifications.criteria.check import Answer, check, needed
from notifications.criteria.facts import FACTS, Fact
from notifications.criteria.incident import Incident, WrongAnswers, read_incident
from notifications.criteria.reading import day_in_words
from notifications.criteria.reference import Criteria
from notifications.criteria.wording import as_plain
from notifications.forms.checker import CheckerForm
from notifications.forms.filing import EmployerForm
from notifications.in_force import criteria_in_force
from notifications.views.posting import page, posted, sent
from regulator import clock
from regulator.accounts.policies import PUBLIC, declare, needs, signed_in
from regulator.frontend.numbers import plain
from regulator.organisations.queries import employers_of

_LONGEST_ANSWER: Final = 60
PAGES: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "where": ("Where it belongs", ("country", "event")),
    "when": ("When, and in which modality", ("occurred_on", "occurred_until", "modality")),
    "who": ("Who was exposed", ("exposure_kind", "number_exposed", "person", "clinically_significant")),
    "what": (
        "What was affected",
        (
            "equipment_failure",
            "foetus_exposed",
            "infant_exposed",
            "planning_scan_affected",
            "verification_affected",
            "treatment_affected",
            "radionuclide_therapy",
            "wrong_radiopharmaceutical",
            "interventional",
        ),
    ),
}
_LAST: Final = "how-much"
_ELSEWHERE_ASKED: Final = {name for _, names in PAGES.values() for name in names}


@declare(PUBLIC)
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """What the checker does, and the way in."""
    return render(request, "checker/start.html")


@declare(PUBLIC)
@require_safe
def questions(request: HttpRequest, slug: str) -> HttpResponse:
    """One page of questions; sent (by GET), it leads on to the next page that has any, then to the answer."""
    titles = {name: title for name, (title, _) in PAGES.items()} | {_LAST: "Doses and numbers"}
    if slug not in titles:
        raise Http404("The checker has no such page.")
    answers = _answers(request.GET)
    criteria = criteria_in_force()
    names = _names_on(slug, _read(answers), criteria)
    if not names:
        return redirect(_following(slug, answers, criteria))
    earlier = {name: value for name, value in answers.items() if name.removesuffix("_unit") not in names}
    asked = "go" in request.GET
    form = CheckerForm(request.GET if asked else None, names=names, initial=_initial(answers))
    if asked and form.is_valid():
        return redirect(_following(slug, earlier | form.answers(), criteria))
    context = {"form": form, "earlier": earlier, "title": titles[slug], "slug": slug}
    return render(request, "checker/questions.html", context, status=400 if asked else 200)


@declare(PUBLIC)
@require_safe
def answer(request: HttpRequest) -> HttpResponse:
    """The answer with everything that it rests on, and what was answered, each with a way to change it."""
    answers = _answers(request.GET)
    incident = _read(answers)
    criteria = criteria_in_force()
    result, looked_at = check(incident, criteria), needed(incident, criteria)
    context = {
        "result": as_plain(result, criteria),
        "rows": [
            (FACTS[name].question, said, _back_to(name, answers) if name in looked_at else "")
            for name, said in _said(answers)
        ],
        "missing": [(FACTS[name].question, _back_to(name, answers)) for name in result.missing],
        "query": urlencode(answers),
        "may_draft": draft_of(incident, criteria) is not None,
        "voluntary": result.answer is Answer.NOT_NOTIFIABLE,
    }
    return render(request, "checker/answer.html", context)


@declare(needs("notifications.draft"))
@require_http_methods(["GET", "POST"])
def begin_draft(request: HttpRequest) -> HttpResponse:
    """Make a draft of the answers, for an employer of theirs, after asking."""
    user = signed_in(request)
    answers = _answers(request.GET)
    content = draft_of(_read(answers), criteria_in_force())
    if content is None:
        raise Http404("This is not for CQC, so there is no draft to make.")
    form = EmployerForm(sent(request), employers=employers_of(user))
    outcome = posted(
        request,
        form,
        lambda: services.start_draft(employer=form.cleaned_data["employer"], by=user, content=content),
    )
    if outcome.value is not None:
        return redirect("notifications:draft", pk=outcome.value.pk)
    context: dict[str, Any] = {"rows": [(FACTS[name].question, said) for name, said in _said(answers)]}
    return page(
        request, "checker/draft.html", form, outcome, back=_address("criteria:answer", answers), **context
    )


def _answers(query: Mapping[str, str]) -> dict[str, str]:
    """The answers in an address that can be read; what cannot be is left out, as if it were not known."""
    names = (name for fact in FACTS.values() for name in (fact.name, f"{fact.name}_unit"))
    found = {name: query.get(name, "")[:_LONGEST_ANSWER].strip() for name in names}
    found = {name: value for name, value in found.items() if value and "\x00" not in value}
    try:
        read_incident(found, today=clock.today(), strict=False)
    except WrongAnswers as wrong:
        found = {
            name: value for name, value in found.items() if name.removesuffix("_unit") not in wrong.faults
        }
    return {name: value for name, value in found.items() if name.removesuffix("_unit") in found}


def _read(answers: Mapping[str, str]) -> Incident:
    return read_incident(answers, today=clock.today(), strict=False)


def _names_on(slug: str, incident: Incident, criteria: Criteria) -> tuple[str, ...]:
    """The questions of a page that matter to this incident."""
    matter = needed(incident, criteria)
    if slug == _LAST:
        return tuple(name for name in matter if name not in _ELSEWHERE_ASKED)
    return tuple(name for name in matter if name in PAGES[slug][1])


def _following(slug: str, answers: Mapping[str, str], criteria: Criteria) -> str:
    """The next page with a question, after ``slug``; the answer after the last."""
    slugs = [*PAGES, _LAST]
    incident = _read(answers)
    for each in slugs[slugs.index(slug) + 1 :]:
        if _names_on(each, incident, criteria):
            return _address("criteria:questions", answers, each)
    return _address("criteria:answer", answers)


def _back_to(name: str, answers: Mapping[str, str]) -> str:
    """The page that asks it, at its box."""
    slug = next((slug for slug, (_, names) in PAGES.items() if name in names), _LAST)
    box = f"id_{name}_day" if FACTS[name].kind == "date" else f"id_{name}"
    return _address("criteria:questions", answers, slug) + f"#{box}"


def _address(route: str, answers: Mapping[str, str], *args: str) -> str:
    query = urlencode(answers)
    return reverse(route, args=args) + (f"?{query}" if query else "")


def _initial(answers: Mapping[str, str]) -> dict[str, Any]:
    """The answers as fields show them again: a date as a date."""
    read = _read(answers)
    dates = {name: getattr(read, name) for name, fact in FACTS.items() if fact.kind == "date"}
    return dict(answers) | {name: day for name, day in dates.items() if day}


def _said(answers: Mapping[str, str]) -> list[tuple[str, str]]:
    """Each answer by its fact, in words, as it was read: so that a number misread is seen."""
    read = _read(answers)
    return [(name, _in_words(fact, getattr(read, name))) for name, fact in FACTS.items() if name in answers]


def _in_words(fact: Fact, value: Any) -> str:
    if value is None:
        return "Not known"
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, date):
        return day_in_words(value)
    if isinstance(value, Decimal):
        unit = fact.bounds.unit if fact.bounds else ""
        return f"{plain(value)} {unit}".strip()
    return dict(fact.choices).get(value, "") or f"{value:,}"
