"""The questions about one incident: what each asks, in which words and units, and the answers it takes.

Pure. Pages, the API and the command ask these and no others, under the same names. Which of them matter to
an incident follows from the rules (``criteria.check.needed``), not from this list. Each has a place in a
draft (``notifications.advice``), and takes what that place can keep.
"""

from dataclasses import dataclass
from typing import Final, Literal

from notifications.criteria.units import Bounds, Dimension, units_of

__all__ = ["FACTS", "Fact", "Kind"]

Kind = Literal["choice", "yes_no", "date", "amount", "count", "number"]


@dataclass(frozen=True, slots=True)
class Fact:
    """One question. ``short`` is how a sentence names the answer; ``choices`` are keys with their labels.

    An ``amount`` is answered by a number and a unit (``name`` and ``name_unit``), a ``yes_no`` by
    ``yes`` or ``no``. Every fact may be unknown. ``bounds`` hold an amount (in the base unit) or a number,
    ``most`` a count.
    """

    name: str
    question: str
    short: str
    kind: Kind
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    dimension: Dimension | None = None
    bounds: Bounds | None = None
    most: int = 0

    @property
    def limits(self) -> str:
        """How large and how fine an answer may be, in a sentence; ``""`` where nothing is counted."""
        if self.kind == "count":
            return f"A whole number, at most {self.most:,}."
        return self.bounds.words if self.bounds else ""


_YES_NO: Final = (("yes", "Yes"), ("no", "No"))
_MSV, _MGY, _MBQ = Dimension.EFFECTIVE_DOSE, Dimension.ABSORBED_DOSE, Dimension.ACTIVITY


def _choice(name: str, question: str, short: str, *choices: tuple[str, str], hint: str = "") -> Fact:
    return Fact(name, question, short, "choice", hint, choices)


def _yes_no(name: str, question: str, short: str, hint: str = "") -> Fact:
    return Fact(name, question, short, "yes_no", hint, _YES_NO)


def _amount(
    name: str,
    question: str,
    short: str,
    dimension: Dimension,
    hint: str = "",
    *,
    digits: int = 12,
    places: int = 6,
) -> Fact:
    bounds = Bounds(digits, places, units_of(dimension)[0])
    return Fact(name, question, short, "amount", hint, dimension=dimension, bounds=bounds)


def _number(name: str, question: str, short: str, hint: str = "", *, places: int = 4) -> Fact:
    return Fact(name, question, short, "number", hint, bounds=Bounds(8, places))


def _count(name: str, question: str, short: str, hint: str = "", *, most: int = 9_999) -> Fact:
    return Fact(name, question, short, "count", hint, most=most)


_ALL: Final = (
    _choice(
        "country",
        "Where does the employer carry out the exposure?",
        "country",
        ("england", "England"),
        ("wales", "Wales"),
        ("scotland", "Scotland"),
        ("northern_ireland", "Northern Ireland"),
    ),
    _choice(
        "event",
        "Which of these describes it best?",
        "what happened",
        ("exposure", "A patient, carer or research participant was exposed by accident or not as intended"),
        ("device_fault", "A device failed, and nobody was exposed because of it"),
        ("before_clinical_use", "Equipment was found faulty before its first clinical use"),
        ("worker_or_public", "A worker or a member of the public was exposed"),
        ("licence_breach", "A radioactive substance was given without the right licence (regulation 5)"),
        ("learning_only", "A radiotherapy error or near miss that is shared for learning only"),
    ),
    Fact(
        "occurred_on",
        "When did it happen?",
        "date of the incident",
        "date",
        "The criteria of that day apply. For several days, give the first. For example, 27 3 2026.",
    ),
    Fact(
        "occurred_until",
        "Last day, if it went on for several",
        "last day of the incident",
        "date",
        "Leave it empty if it happened on one day. If it is still going on, give today.",
    ),
    _choice(
        "modality",
        "In which modality did it happen?",
        "modality",
        ("diagnostic_imaging", "Diagnostic imaging"),
        ("radiotherapy", "Radiotherapy"),
        ("nuclear_medicine", "Nuclear medicine"),
        hint="Imaging for radiotherapy belongs to radiotherapy.",
    ),
    _choice(
        "exposure_kind",
        "Was any exposure of this person intended?",
        "kind of exposure",
        ("accidental", "No: nobody meant this person to be exposed (accidental)"),
        ("unintended", "Yes, but the exposure was significantly different (unintended)"),
        hint="Different in dose, modality, technique, anatomy, radiopharmaceutical or timing.",
    ),
    _count(
        "number_exposed",
        "How many people were exposed?",
        "number of people exposed",
        "Count a theme over several incidents together. More than one is notifiable whatever the doses. "
        "Of a near miss, 0.",
        most=1_000_000,
    ),
    _choice(
        "person",
        "Was the person an adult or a child?",
        "adult or child",
        ("adult", "Adult"),
        ("child", "Child, under 18"),
        hint="For an unborn or breastfed child, the person is the mother; the child is asked about next.",
    ),
    _yes_no("foetus_exposed", "Was an unborn child exposed?", "exposure of an unborn child"),
    _yes_no("infant_exposed", "Was a breastfed infant exposed?", "exposure of a breastfed infant"),
    _yes_no(
        "clinically_significant",
        "Was it clinically significant?",
        "clinical significance",
        "As the professional bodies for your modality define it.",
    ),
    _yes_no(
        "equipment_failure",
        "Was a failure of equipment the direct cause?",
        "failure of equipment",
        "Equipment includes software, injectors, planning and record-and-verify systems.",
    ),
    _yes_no("planning_scan_affected", "Was a planning scan repeated?", "repeated planning scan"),
    _yes_no("verification_affected", "Were verification images repeated or added?", "added images"),
    _yes_no(
        "treatment_affected",
        "Was the treatment itself delivered otherwise than intended?",
        "effect on the treatment delivered",
        "Its dose, its place or both.",
    ),
    _yes_no("radionuclide_therapy", "Was it a therapeutic administration?", "therapeutic administration"),
    _yes_no(
        "wrong_radiopharmaceutical",
        "Was a wrong radiopharmaceutical given?",
        "wrong radiopharmaceutical",
        "The right radionuclide on the wrong tracer is a wrong radiopharmaceutical.",
    ),
    _amount("intended_effective_dose", "What effective dose was intended?", "intended effective dose", _MSV),
    _amount(
        "total_effective_dose",
        "What effective dose did the person receive in all?",
        "total effective dose",
        _MSV,
        "Everything that the incident gave: the intended part, the excess and the repeats.",
    ),
    _yes_no(
        "enquiry_failed",
        "Did the enquiry on pregnancy or breastfeeding fail?",
        "failure of the enquiry on pregnancy or breastfeeding",
        "It was not made, or not as your procedure says.",
    ),
    _yes_no(
        "procedural_failure",
        "Did a procedure fail?",
        "procedural failure",
        "Any of your procedures; about the enquiry on pregnancy or breastfeeding you are asked by itself.",
    ),
    _yes_no(
        "interventional",
        "Was it an interventional or cardiology procedure?",
        "interventional or cardiology procedure",
    ),
    _number(
        "local_drl_multiple",
        "How many times the local diagnostic reference level was the dose?",
        "multiple of the local diagnostic reference level",
        "Without a local level: national or European levels, or doses given before.",
    ),
    _yes_no(
        "tissue_reaction",
        "Was a tissue reaction (a deterministic effect) observed?",
        "observed tissue reaction",
    ),
    _yes_no("transient_erythema_only", "Was it transient erythema only?", "transient erythema only"),
    _count(
        "planning_scans_total",
        "How many planning scans were made in all?",
        "planning scans in all",
        "The intended one included.",
    ),
    _yes_no("set_up_error", "Was the cause an error in setting up?", "error in setting up"),
    _yes_no(
        "hardware_or_software_failure",
        "Was the cause a failure of hardware or software?",
        "failure of hardware or software",
    ),
    _count(
        "images_in_fraction",
        "How many images were taken in that fraction?",
        "images in a fraction",
        "The intended ones included.",
    ),
    _count("planned_images", "How many images were planned over the course?", "images planned"),
    _count("images_in_course", "How many images were taken over the course?", "images taken"),
    _number(
        "course_ratio",
        "Delivered dose divided by intended dose, over the whole course",
        "delivered to intended dose over the course",
        "To the planning target volume. For example 1.12.",
    ),
    _number(
        "fraction_ratio",
        "Delivered dose divided by intended dose, in the worst fraction",
        "delivered to intended dose in a fraction",
        "To the planning target volume or an organ at risk.",
    ),
    _number(
        "organ_at_risk_ratio",
        "Delivered dose divided by intended dose, for the organ at risk most affected",
        "delivered to intended dose for an organ at risk",
        "Over the whole course.",
    ),
    _choice(
        "geographical_miss",
        "Was the treatment given in the wrong place?",
        "geographical miss",
        ("none", "No"),
        ("partial", "In part"),
        ("total", "Altogether, even if for part of a fraction"),
    ),
    _number("miss_distance_mm", "How far off was it (mm)?", "distance of the miss (mm)", places=2),
    _number(
        "margin_mm", "What is the locally defined error margin (mm)?", "local error margin (mm)", places=2
    ),
    _amount("prescribed_activity", "What activity was prescribed?", "activity prescribed", _MBQ, places=4),
    _amount("administered_activity", "What activity was given?", "activity given", _MBQ, places=4),
    _amount(
        "foetal_dose",
        "What dose did the unborn child receive?",
        "dose to the unborn child",
        _MGY,
        digits=10,
        places=4,
    ),
    _amount(
        "infant_effective_dose",
        "What effective dose did the infant receive?",
        "effective dose to the infant",
        _MSV,
    ),
)
FACTS: Final[dict[str, Fact]] = {fact.name: fact for fact in _ALL}
"""Every question by its name, in the order in which they are asked."""
