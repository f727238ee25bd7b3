"""Kinds of equipment: coarse enough that none names a site, and how what an employer typed is taken for one.
Pure.

What was typed into "Equipment involved: type" is any words. A kind is found where one of its words stands in
them; the first kind in the list below that has one wins, so special kinds stand before general ones.
"""

import re
from typing import Final

LABELS: Final = {
    "mammography_unit": "Mammography unit",
    "dental_unit": "Dental X-ray unit",
    "pet_scanner": "PET scanner",
    "gamma_camera": "Gamma camera or SPECT",
    "fluoroscopy_unit": "Fluoroscopy or interventional unit",
    "brachytherapy_unit": "Brachytherapy unit",
    "superficial_unit": "Superficial or intra-operative treatment unit",
    "linear_accelerator": "Linear accelerator",
    "planning_system": "Treatment planning system",
    "dose_calibrator": "Dose calibrator or dispensing equipment",
    "injector": "Injector or infusion set",
    "information_system": "Information or referral system",
    "mobile_x_ray": "Mobile X-ray unit",
    "ct_scanner": "CT scanner",
    "x_ray_unit": "X-ray unit",
    "other": "Other equipment",
}
"""By slug: what people call it, in the order of lists and of looking."""
WORDS: Final[dict[str, tuple[str, ...]]] = {
    "mammography_unit": ("mammograph", "mammogram", "tomosynthesis"),
    "dental_unit": ("dental", "intraoral", "intra-oral", "panoramic", "cephalometric", "opg"),
    "pet_scanner": ("pet",),
    "gamma_camera": ("gamma camera", "spect", "spect-ct", "spect/ct"),
    "fluoroscopy_unit": (
        "fluoroscop", "c-arm", "c arm", "angiograph", "interventional", "cath lab", "image intensifier",
    ),
    "brachytherapy_unit": ("brachytherapy", "afterloader", "after-loader", "hdr"),
    "superficial_unit": ("superficial", "orthovoltage", "intra-operative", "intraoperative"),
    "linear_accelerator": ("linear accelerator", "linac", "cyberknife", "tomotherapy", "gamma knife"),
    "planning_system": ("planning system", "tps"),
    "dose_calibrator": ("calibrator", "dispens", "isolator"),
    "injector": ("injector", "infusion", "pump"),
    "information_system": (
        "information system", "ris", "pacs", "order comms", "record and verify", "software",
    ),
    "mobile_x_ray": ("mobile", "portable"),
    "ct_scanner": ("ct", "computed tomography", "cbct", "cone beam"),
    "x_ray_unit": ("x-ray", "x ray", "xray", "radiograph", "digital radiography", "plain film"),
}  # fmt: skip
"""By slug: words that a typed text has. Those of four letters and more may begin a longer word."""
_WHOLE: Final = 3


def kind_of(typed: str) -> str:
    """The kind that a typed text is taken for; ``"other"`` for words that are none, ``""`` for no words."""
    text = " ".join(typed.casefold().split())
    if not text:
        return ""
    return next((slug for slug, words in WORDS.items() if _PATTERNS[slug].search(text) and words), "other")


def _pattern(words: tuple[str, ...]) -> "re.Pattern[str]":
    told = (re.escape(each) + (r"(?!\w)" if len(each) <= _WHOLE else "") for each in words)
    return re.compile(rf"(?<!\w)(?:{'|'.join(told)})")


_PATTERNS: Final = {slug: _pattern(words) for slug, words in WORDS.items()}
