"""The criteria checker and the enforcement register, open to all; and the checker's way to a draft."""

from datetime import date, timedelta
from typing import Any, Final

from playwright.sync_api import expect

from enforcement.register.services import Happening, put_entry, remove_entry
from regulator.organisations.models import Membership
from tests.factories import EmployerFactory, member
from tests.journeys.states import EMPTY, FILLED, REFUSED, Reach, State, Visit, nobody, opens
from tests.register.entries import cited, entry, snapshot

HERE: Final = "country=england&event=exposure"
WHEN: Final = f"{HERE}&occurred_on=2026-03-01&modality=diagnostic_imaging"
WHO: Final = f"{WHEN}&exposure_kind=unintended&number_exposed=1&person=adult"
DOSES: Final = f"{WHO}&intended_effective_dose=2&intended_effective_dose_unit=mSv"
SETTLED: Final = "clinically_significant=no&foetus_exposed=no&equipment_failure=no&interventional=no"
NOT_NOTIFIABLE: Final = (
    f"{DOSES}&total_effective_dose=2.5&total_effective_dose_unit=mSv&{SETTLED}&tissue_reaction=no"
)
CODED: Final = f"{DOSES}&total_effective_dose=60&total_effective_dose_unit=mSv"


def asks(slug: str, answers: str = "") -> Reach:
    return opens("criteria:questions", f"?{answers}", slug=slug)


def refuses(slug: str, answers: str) -> Reach:
    def reach(visit: Visit) -> None:
        visit.open("criteria:questions", f"?go=1&{answers}", slug=slug)
        visit.refused()

    return reach


def answered(answers: str, heading: str) -> Reach:
    def reach(visit: Visit) -> None:
        visit.open("criteria:answer", f"?{answers}")
        expect(visit.page.get_by_role("heading", name=heading, level=1)).to_be_visible()

    return reach


def asked(name: str, slug: str, answers: str) -> tuple[State, State]:
    """A page of the checker as it opens, and after answers that make no sense."""
    return (
        State("criteria:questions", f"{EMPTY}, {name}", asks(slug, answers.rpartition("|")[0]), nobody),
        State("criteria:questions", f"{REFUSED}, {name}", refuses(slug, answers.replace("|", "&")), nobody),
    )


def register(make: Any, query: str = "") -> Reach:
    def reach(visit: Visit) -> None:
        make()
        visit.open("register:list", query)

    return reach


def some() -> None:
    served = date(2025, 1, 10)
    for status in ("in_force", "complied", "not_complied"):
        entry(status=status, complied_on=served + timedelta(30) if status == "complied" else None)


def many() -> None:
    for _ in range(22):
        entry(employer_name="Wexcombe, Little Hollowick and Stanbourne University Hospitals NHS Trust")


def published(visit: Visit, **changes: Any) -> str:
    return entry(citations=cited("6(5)(b)", "17(4)"), **changes).slug


def index_of(name: str, **parts: Any) -> Reach:
    """A page of the register's index, of what was published for it."""

    def reach(visit: Visit) -> None:
        made = entry(citations=cited("6(5)(b)", "17(4)"), region="London")
        own = {"employer": made.employer_slug, "place": made.premises_slug}
        visit.open(name, **{key: own.get(part, part) for key, part in parts.items()})

    return reach


def removed(visit: Visit) -> str:
    made = entry()
    remove_entry(made.slug)
    return made.slug


def described_at_length(visit: Visit) -> str:
    served = date(2025, 1, 10)
    told = (
        Happening(served, "Notice served"),
        Happening(date(2025, 1, 20), "Appeal lodged with the employment tribunal"),
        Happening(date(2025, 3, 3), "Appeal decided: affirmed"),
    )
    said = snapshot(
        employer_name="Wexcombe, Little Hollowick and Stanbourne University Hospitals NHS Trust",
        timeline=told,
        region="South West",
        citations=cited("6(5)(b)", "17(4)", "8(4)"),
        source_url="https://example.invalid/" + "a-long-address/" * 8,
    )
    return put_entry(said, document=b"%PDF-1.7").slug


def for_several(visit: Visit) -> None:
    user = member(EmployerFactory.create())
    Membership.objects.create(user=user, employer=EmployerFactory.create(), role="employer_reporter")
    visit.become(user)
    visit.open("criteria:draft", f"?{CODED}")


def for_several_and_none_chosen(visit: Visit) -> None:
    for_several(visit)
    visit.send()
    visit.refused()


CHANGED: Final = (
    Happening(date(2025, 1, 10), "Notice served"),
    Happening(date(2025, 1, 20), "CQC gave more time to comply, until 3 March 2025"),
    Happening(date(2025, 1, 30), "Appeal decided: affirmed with changes"),
)
STATES: Final = (
    State("criteria:start", EMPTY, opens("criteria:start"), nobody),
    *asked("where", "where", "|country=atlantis"),
    State("criteria:questions", f"{FILLED}, where", asks("where", HERE), nobody),
    *asked("when", "when", f"{HERE}|occurred_on_day=32&occurred_on_month=13"),
    *asked("who", "who", f"{WHEN}|number_exposed=nobody"),
    State("criteria:questions", f"{FILLED}, who", asks("who", WHO), nobody),
    *asked("what", "what", f"{WHO}|equipment_failure=perhaps"),
    *asked("how much", "how-much", f"{WHO}|total_effective_dose=a+lot"),
    State("criteria:questions", f"{FILLED}, how much", asks("how-much", CODED), nobody),
    State("criteria:answer", EMPTY, opens("criteria:answer"), nobody),
    State("criteria:answer", "elsewhere", answered("country=wales", "This belongs to another body"), nobody),
    State("criteria:answer", "notifiable", answered(CODED, "This is notifiable to CQC"), nobody),
    State("criteria:answer", "not notifiable", answered(NOT_NOTIFIABLE, "This is not notifiable on"), nobody),
    State("criteria:answer", "not settled", answered(WHO, "We cannot tell from these answers"), nobody),
    State("criteria:draft", FILLED, opens("criteria:draft", f"?{CODED}")),
    State("criteria:draft", f"{FILLED}, several employers", for_several, nobody),
    State("criteria:draft", REFUSED, for_several_and_none_chosen, nobody),
    State("register:list", EMPTY, opens("register:list"), nobody),
    State("register:list", FILLED, register(some), nobody),
    State("register:list", f"{FILLED}, two pages", register(many), nobody),
    State("register:list", "nothing fits", register(some, "?q=nobody+of+this+name"), nobody),
    State("register:list", "a close word", register(some, "?q=inventid"), nobody),
    State(
        "register:list",
        f"{FILLED}, all filters",
        register(
            some,
            "?q=invented+2025&type=improvement&status=in_force&served_from=2025-01-01&served_to=2025-12-31"
            "&employer_type=nhs-acute-trust&modality=radiotherapy&regulation=17&sort=employer",
        ),
        nobody,
    ),
    State("register:list", REFUSED, register(some, "?year=x&regulation=nonsense&served_from=soon"), nobody),
    State("register:employers", EMPTY, opens("register:employers"), nobody),
    State("register:employers", FILLED, index_of("register:employers"), nobody),
    State("register:places", EMPTY, opens("register:places"), nobody),
    State("register:places", FILLED, index_of("register:places"), nobody),
    State("register:regulations", EMPTY, opens("register:regulations"), nobody),
    State("register:regulations", FILLED, index_of("register:regulations"), nobody),
    State("register:regions", EMPTY, opens("register:regions"), nobody),
    State("register:regions", FILLED, index_of("register:regions"), nobody),
    State("register:employer", FILLED, index_of("register:employer", key="employer"), nobody),
    State("register:place", FILLED, index_of("register:place", key="place"), nobody),
    State("register:region", FILLED, index_of("register:region", key="london"), nobody),
    State("register:regulation", FILLED, index_of("register:regulation", key="6(5)(b)"), nobody),
    State("register:regulation", "its parts", index_of("register:regulation", key="6"), nobody),
    State(
        "register:entry", "all that there can be", opens("register:entry", slug=described_at_length), nobody
    ),
    State(
        "register:entry",
        "a short entry",
        opens("register:entry", slug=lambda visit: published(visit, form="short", description="")),
        nobody,
    ),
    State(
        "register:entry",
        "changed after it was served",
        opens("register:entry", slug=lambda visit: published(visit, timeline=CHANGED)),
        nobody,
    ),
    State("register:entry", "removed", opens("register:entry", slug=removed), nobody),
    State("register:entry", "in force", opens("register:entry", slug=published), nobody),
    State(
        "register:entry",
        "complied with",
        opens(
            "register:entry",
            slug=lambda visit: published(visit, status="complied", complied_on=date(2025, 2, 1)),
        ),
        nobody,
    ),
)

NO_PAGE: Final = {"register:document": "a file: the PDF of an entry"}
