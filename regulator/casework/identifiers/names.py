"""A title and the name after it ("Mr Patel", "Dr O'Connor", "Mrs. Smith-Jones"), a name before its title, one
beside the word for it ("Surname: PATEL"); in folded text.

MR, DR and MS also mean imaging by magnetic resonance, digital radiography and an illness, and a miss is a
miss: words that follow or go before those in the field's own text are listed here.
"""

import re
from typing import Final

_TITLE: Final = re.compile(
    r"(?<![^\W_])(?<!-)(?=[MmDdPpRrSsNn])"
    r"((?i:mrs?|ms|miss|mx|dr|doctor|prof(?:essor)?|revd?|reverend|mister|messrs)|Sir|Dame|Master"
    r"|[Nn]urse|[Ss]ister|[Mm]atron)(\.\s{0,3}|[\s_]{1,3}|-)"
    r"((?:(?:[^\W\d_](?:\.\s?|\s|-(?=[A-Z][. ]))|[A-Z]{2,3}\.?\s)){0,3}"
    r"(?:(?:van|von|de|der|den|la|le|du|di|da|dos|bin|ibn|al|el)[ -]"
    r"|(?:Van|Von|De|Der|Den|La|Le|Du|Di|Da|Dos|Bin|Ibn|Al|El|St\.?)[ -](?=[A-Z][^\W\d_]|[A-Z]')){0,3})"
    r"([^\W\d_](?:[^\W\d_]|['-](?=[^\W\d_])){1,39})(?![^\W_])"
)
_WITHOUT_A_NAME_AFTER: Final = r"(?!\.?\s{1,3}(?:[^\W\d_]\.?\s?){0,3}[^\W\d_]{2})"
_SURNAME_FIRST: Final = re.compile(
    rf"(?<![\w'-])[A-Z][A-Z'-]{{2,39}}, {{0,2}}(?:Mr|Mrs|Ms|Miss|Mx|Master)(?![\w-]){_WITHOUT_A_NAME_AFTER}"
)
"""PATEL, Mr J: the way of lists. "At ICU, Mr Patel" is the name after the title."""
_TITLE_IN_BRACKETS: Final = re.compile(r"\((?:Mr|Mrs|Ms|Miss|Mx|Master|Dr|Prof)\.?\)")
_FIRST_WORD: Final = r"[A-Z][^\W\d_]{1,39}(?:['-][^\W\d_]{1,39})?"
_FURTHER_WORD: Final = r" [A-Z][^\W\d_.'-]{0,39}\.?"
_NAME_BEFORE: Final = re.compile(rf"(?<![\w'-])({_FIRST_WORD},?(?:{_FURTHER_WORD}){{1,2}}) {{1,2}}\Z")
_LABELLED: Final = re.compile(
    r"(?<![A-Za-z])(?=[PpSsFfLlGg])"
    r"(?i:patient(?:'s)? name|surname|(?:family|last|first|given) name|forenames?)"
    rf"[ \t]{{0,2}}[:=|\t][ \t]{{0,3}}({_FIRST_WORD}(?:,?{_FURTHER_WORD}){{0,3}})"
)
_BEFORE_A_MISS: Final = re.compile(
    r"(?:near|geographical|total|partial|target|field|a|the|no|to)[ -]\Z", re.I
)
_LISTED: Final = """
    a an and any are as at be been by can could did do does for from had has have he her his i if in is it its
    may might must no nor not of on or our said says she should than that the their then there they this to
    was we were when where which while who whose will with would you your also asked called came confirmed
    after before during until unless but only both either neither because since so
"""
_OF_THE_FIELD: Final = """
    angiogram angiography based breast cardiac chair clinic clinical coil coils committee compatible
    conditional console contrast coordinator department departments detector detectors diffusion digital
    director elastography enterography equipment exam examination examinations exposure exposures facility
    female findings fusion general group guided image images imaging injection injector lead led line linac
    list lists machine machines male manager mode modality nurse office only operator operators optional
    patient patients pet physics physicist planning plate plates practitioner probability procedure protocol
    protocols quality radiographer radiographers radiography radiologist radiology radiotherapy rate referrer
    report reporting reports request requests research review room rooms safety scan scanned scanner scanners
    scanning scans sequence sequences service services simulation simulator site software spectroscopy spine
    staff study studies suite supervisor surgery system systems target targets team teams technique
    therapy unit units upgrade vendor version x-ray
    agfa canon carestream elekta fuji fujifilm ge hologic konica philips samsung shimadzu siemens toshiba
    united varian viewray
"""
_FOLLOWS_A_TECHNIQUE: Final = """
    abdomen abdominal acquired acquisition angio ankle arthrogram artefact axial bladder body bowel brain
    cancelled carried cassette cassettes cervical chest cholangiogram coronal data demonstrated elbow failed
    femur fistula flat flow foot gel hand head heart hip iam identified justified kidney kidneys knee
    lesion lesions liver lumbar marrow neck orbits ordered pancreas panel panels pelvic pelvis performed
    pituitary prostate receptor receptors rectal rectum relapse repeated revealed safe sagittal sensor sensors
    shoulder showed shown shows sim small spleen stopped suggested suggests table thoracic thorax tumour
    undertaken urogram uterus venogram volume whole wrist
    access azure edge excel outlook powerpoint sharepoint sql windows word
"""
"""After MR, DR or MS without a full stop. Some of these are surnames too: after "Mr" they count."""
_FOLLOWS_A_POST: Final = """
    advisor agency associate associates band bank card company consultant endoscopist file hospital key led
    madam organisation plan practitioners prescriber schedule sheet specialist specialists station template
    training trust ward wards
"""
"""After Nurse, Sister, Matron, Master or Sir."""
_NO_NAME_GIVEN: Final = """
    address age anonymised anonymous blank checked correct date department different dob first forename gender
    given hospital identifier incorrect initial initials known last match matched matching missing mismatch
    mrn name nhs none number phantom postcode redacted same sex surname test title unknown ward withheld wrong
    yes
"""
_NOT_NAMES: Final = frozenset(_LISTED.split()) | frozenset(_OF_THE_FIELD.split())
_SURNAMES_TOO: Final = frozenset({"can", "may", "said", "will"})
_NO_TECHNIQUE: Final = frozenset({"Mr", "Mrs", "mrs"})
"""Titles that nobody writes for a technique: whatever begins with a capital after one of them is a name."""
_AFTER_A_TECHNIQUE: Final = frozenset(_FOLLOWS_A_TECHNIQUE.split())
_AFTER_A_POST: Final = frozenset(_FOLLOWS_A_POST.split())
_BESIDE_A_LABEL: Final = frozenset(_NO_NAME_GIVEN.split())
_ALWAYS_A_TITLE: Final = frozenset({"mr", "mrs", "Mrs", "Mr"})
_ALSO_A_TECHNIQUE: Final = frozenset({"mr", "MR", "dr", "DR", "ms", "MS"})
_OF_A_POST: Final = frozenset({"nurse", "sister", "matron", "master", "sir", "dame"})
_BEFORE_A_HYPHEN: Final = frozenset({"Mr", "Mrs", "mrs", "Miss"})


def seek(text: str) -> list[tuple[int, int]]:
    """Where names stand, from the title on. A role ("Operator A", "Dr A") is no name."""
    found = [match.span() for match in _TITLE.finditer(text) if _is_name(text, match)]
    found += [match.span() for match in _SURNAME_FIRST.finditer(text)]
    found += [match.span(1) for match in _LABELLED.finditer(text) if _is_given(match[1])]
    for title in _TITLE_IN_BRACKETS.finditer(text):
        if before := _NAME_BEFORE.search(text, max(0, title.start() - 130), title.start()):
            found.append((before.start(1), title.end()))
    return found


def _is_name(text: str, match: "re.Match[str]") -> bool:
    title, between_them, initials, surname = match.groups()
    if _is_listed(title, surname):
        return False
    if between_them == "-" and title not in _BEFORE_A_HYPHEN:
        return False
    if title.casefold() == "miss" and _BEFORE_A_MISS.search(text[max(0, match.start() - 14) : match.start()]):
        return False
    if title in ("ms", "MS") and not surname.isupper():
        return False
    if not surname[0].isupper():
        return title in _ALWAYS_A_TITLE and not initials and len(surname) > 2
    return len(surname) > 2 or not surname.isupper()


def _is_listed(title: str, surname: str) -> bool:
    """Whether the word after the title is one of the field's own, and no surname."""
    word = surname.casefold()
    if surname[0].isupper() and not surname.isupper() and _is_plainly_a_name(title, word):
        return False
    if word in _NOT_NAMES or word.removesuffix("'s") in _NOT_NAMES:
        return True
    if title in _ALSO_A_TECHNIQUE and word in _AFTER_A_TECHNIQUE:
        return True
    return title.casefold() in _OF_A_POST and word in _AFTER_A_POST


def _is_plainly_a_name(title: str, word: str) -> bool:
    """Whether a word with a capital cannot be anything else: "Mr Lead", "Dr May"; but "Dr Room"."""
    return title in _NO_TECHNIQUE or (title == "Dr" and word in _SURNAMES_TOO)


def _is_given(written: str) -> bool:
    """Whether a name stands beside its label, and not that there is none, or what was wrong with it."""
    first = re.split(r"[ ,.]", written, maxsplit=1)[0].casefold()
    return first not in _BESIDE_A_LABEL and first not in _NOT_NAMES
