"""To which other bodies a matter is referred, under which gateway, and how: typed data with its sources.

Pure. A ground is marked as verified only where the page or the instrument named as its source was read for
that very statement; of every other one the sender says in their own words what they rely on.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final, TypeVar


@dataclass(frozen=True, slots=True)
class Body:
    """One body: the name by which it is known, and its full one."""

    key: str
    short: str
    name: str

    @property
    def label(self) -> str:
        return f"{self.name} ({self.short})"


class Basis(Enum):
    """What a gateway rests on."""

    ACT = "Act of Parliament"
    REGULATION = "regulation"
    GUIDANCE = "guidance on where a matter goes, which gives no power to disclose by itself"
    MEMORANDUM = "memorandum of understanding"
    OTHER = "described by the sender"


@dataclass(frozen=True, slots=True)
class Gateway:
    """On what ground something is told to a body.

    ``bodies`` are the keys of those to which it leads, none where it may be any. ``described``: the sender
    must say in words what exactly they rely on, because the label alone does not.
    """

    key: str
    label: str
    basis: Basis
    source: str
    verified: bool
    bodies: frozenset[str] = frozenset()
    described: bool = False

    def leads_to(self, body: str) -> bool:
        return not self.bodies or body in self.bodies

    @property
    def standing(self) -> str:
        """ "Verified against …" or what is not, for readers."""
        return f"{'Verified' if self.verified else 'Not verified'}: {self.source}"


T = TypeVar("T", Body, Gateway)


def _by_key(each: Iterable[T]) -> Mapping[str, T]:
    return {one.key: one for one in each}


BODIES: Final = _by_key(
    (
        Body("mhra", "MHRA", "Medicines and Healthcare products Regulatory Agency"),
        Body("hse", "HSE", "Health and Safety Executive"),
        Body("arsac", "ARSAC", "Administration of Radioactive Substances Advisory Committee"),
        Body("ukhsa", "UKHSA", "UK Health Security Agency"),
        Body("hiw", "HIW", "Healthcare Inspectorate Wales"),
        Body("his", "HIS", "Healthcare Improvement Scotland"),
        Body("rqia", "RQIA", "Regulation and Quality Improvement Authority"),
    )
)
_ROUTES: Final = "CQC’s page “Appropriate UK enforcing authorities”"

GATEWAYS: Final = _by_key(
    (
        Gateway(
            "device",
            "A fault of a medical device",
            Basis.GUIDANCE,
            f"{_ROUTES}: good practice, whether or not anybody was exposed",
            verified=True,
            bodies=frozenset({"mhra"}),
        ),
        Gateway(
            "irr17",
            "Ionising Radiations Regulations 2017: a worker or a member of the public over-exposed",
            Basis.REGULATION,
            f"{_ROUTES}, which cites regulation 26",
            verified=True,
            bodies=frozenset({"hse"}),
        ),
        Gateway(
            "before_use",
            "A fault of equipment found before clinical use",
            Basis.GUIDANCE,
            _ROUTES,
            verified=True,
            bodies=frozenset({"hse"}),
        ),
        Gateway(
            "licence",
            "IR(ME)R 2017, regulation 5: a breach of a licence",
            Basis.REGULATION,
            f"{_ROUTES}: to the ARSAC Support Unit",
            verified=True,
            bodies=frozenset({"arsac"}),
        ),
        Gateway(
            "learning",
            "A radiotherapy error or near miss, for learning (voluntary)",
            Basis.GUIDANCE,
            f"{_ROUTES}: apart from regulation 8(4)",
            verified=True,
            bodies=frozenset({"ukhsa"}),
        ),
        Gateway(
            "elsewhere",
            "An exposure in Wales, Scotland or Northern Ireland",
            Basis.GUIDANCE,
            _ROUTES,
            verified=True,
            bodies=frozenset({"hiw", "his", "rqia"}),
        ),
        Gateway(
            "hswa_28",
            "Health and Safety at Work etc. Act 1974, section 28: a disclosure that it allows",
            Basis.ACT,
            "the section restricts what may be disclosed; which exception is relied on, the sender says",
            verified=False,
            described=True,
        ),
        Gateway(
            "memorandum",
            "A memorandum of understanding with the body",
            Basis.MEMORANDUM,
            "which one, and of what date, the sender says",
            verified=False,
            described=True,
        ),
        Gateway(
            "other",
            "Another ground",
            Basis.OTHER,
            "which one, the sender says",
            verified=False,
            described=True,
        ),
    )
)

WAYS: Final[Mapping[str, str]] = {
    "post": "by post",
    "email": "by e-mail",
    "portal": "through the body’s own portal",
    "phone": "by telephone",
    "meeting": "at a meeting",
}
"""How it was sent."""
