"""The one letter that a concern sends: to CQC's own managers, at once, that harm may be immediate.

Its text lies in ``templates/email/concerns``. It says neither what was told nor through whom it came: a
mailbox may be open to others.
"""

from typing import Final

from regulator.casework.links import case_url
from regulator.casework.models import Case
from regulator.casework.recipients import only_reference, staff_for
from regulator.outbox.letters import Letter
from regulator.outbox.payload import EMPLOYER, LINK, TEXT
from regulator.outbox.services import enqueue

MANAGERS: Final = "casework.restrict_any"
"""Who is told: those who can put somebody else on any case."""
IMMEDIATE: Final = Letter(
    "concerns/immediate",
    1,
    "{{ reference }}: immediate risk of harm",
    payload={"reference": TEXT, "employer": EMPLOYER, "case_url": LINK},
    needs=("reference", "case_url"),
)
LETTERS: Final = (IMMEDIATE,)


def tell_managers(case: Case) -> None:
    """That the risk of harm was assessed as immediate, and where the case stands."""
    context = {
        "reference": str(case),
        "employer": case.employer.name,
        "case_url": case_url(case, for_staff=True),
    }
    told = {name: value for name, value in only_reference(case).items() if name in context}
    for person in staff_for(case, permission=MANAGERS):
        enqueue(
            letter=IMMEDIATE.name,
            to=person.email,
            context=context | told,
            dedupe_key=f"{IMMEDIATE.name}:{case.pk}:{case.version}",
            case=case,
        )
