"""What identifies a person is found however it is written, and the field's own text is left alone."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nhs_number.validate import calculate_checksum

from regulator.casework.identifiers import Finding, Kind, find


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("The patient, 943 476 5919, was", Kind.NHS_NUMBER, "943 476 5919"),
        ("NHS no:943-476-5919.", Kind.NHS_NUMBER, "943-476-5919"),
        ("Room 1 943 476-5919", Kind.NHS_NUMBER, "943 476-5919"),
        ("9 4 3 4 7 6 5 9 1 9", Kind.NHS_NUMBER, "9 4 3 4 7 6 5 9 1 9"),
        ("943\u00a0476\u20095919", Kind.NHS_NUMBER, "943\u00a0476\u20095919"),
        ("943\u200b476\u00ad5919", Kind.NHS_NUMBER, "943\u200b476\u00ad5919"),
        ("943–476—5919", Kind.NHS_NUMBER, "943–476—5919"),
        ("٩٤٣ ٤٧٦ ٥٩١٩", Kind.NHS_NUMBER, "٩٤٣ ٤٧٦ ٥٩١٩"),
        ("９４３４７６５９１９", Kind.NHS_NUMBER, "９４３４７６５９１９"),
        ("943.476.5919", Kind.NHS_NUMBER, "943.476.5919"),
        ("DOB 12/03/1954", Kind.DATE_OF_BIRTH, "12/03/1954"),
        ("d.o.b. 1.3.54", Kind.DATE_OF_BIRTH, "1.3.54"),
        ("She was born on the 12th March 1954.", Kind.DATE_OF_BIRTH, "12th March 1954"),
        ("Date of birth: 1954-03-12", Kind.DATE_OF_BIRTH, "1954-03-12"),
        ("12/03/1954 (DOB)", Kind.DATE_OF_BIRTH, "12/03/1954"),
        ("aged 43 on 12/03/2026", Kind.DATE_OF_BIRTH, "aged 43 on 12/03/2026"),
        ("Mrs X (12/03/1954) came", Kind.DATE_OF_BIRTH, "12/03/1954"),
        ("the patient (12 March 1954) came", Kind.DATE_OF_BIRTH, "12 March 1954"),
        ("ask o’neill+x@trust.example.", Kind.EMAIL, "o’neill+x@trust.example"),
        ("+44 20 7946 0958", Kind.PHONE, "+44 20 7946 0958"),
        ("+44 (0)20 7946 0958", Kind.PHONE, "+44 (0)20 7946 0958"),
        ("0044 161 496 0000", Kind.PHONE, "0044 161 496 0000"),
        ("tel:0161 496 0000", Kind.PHONE, "0161 496 0000"),
        ("(01632) 960001", Kind.PHONE, "(01632) 960001"),
        ("07700900123", Kind.PHONE, "07700900123"),
        ("by Mr Patel", Kind.NAME, "Mr Patel"),
        ("by Mr\u00a0Pa\u200btel", Kind.NAME, "Mr\u00a0Pa\u200btel"),
        ("Dr O’Connor", Kind.NAME, "Dr O’Connor"),
        ("Mrs. Smith-Jones", Kind.NAME, "Mrs. Smith-Jones"),
        ("Prof. J. P. Ng", Kind.NAME, "Prof. J. P. Ng"),
        ("Dr de Souza", Kind.NAME, "Dr de Souza"),
        ("MR PATEL", Kind.NAME, "MR PATEL"),
        ("Miss Jones", Kind.NAME, "Miss Jones"),
        ("Mr patel", Kind.NAME, "Mr patel"),
    ],
)
def test_an_identifier_is_found_where_it_stands(text: str, kind: Kind, found: str) -> None:
    start = text.index(found)
    assert find(text) == (Finding(kind, start, start + len(found), found),)


@pytest.mark.parametrize(
    "text",
    [
        "IRN-2026-00042-K, IRI-2026-00001-A and IRN-2026-000421-X",
        "7.5 mSv, 600 MBq, 1,234,567,890 Bq, DLP 1234.5 mGy·cm, 2.67 Gy in 15 fractions",
        "On 12/03/2026 at 14:30, between 12-03-2026 and 13-03-2026, on 2026-03-02 12:30:15",
        "on 07-11-2026 100 mGy; 02.03.2026 12 mGy",
        "the incident (12/03/2026) was found on 01/02/2026 03/04/2026",
        "version 10.20.30.40.50 of the software, build 4.2.1.10034",
        "doses 1.2 3.4 5.6 7.8 9.0 and 0.12345678901",
        "the site at SW1A 2AA; part 0123-45; MHRA 2023/001/012/601/002",
        "Dr on call; Dr On Call; Dr A was told; Dr AB; Operator A; the practitioner",
        "Miss of target; a near Miss Reporting form; Geographical Miss Radiotherapy",
        "MR Imaging, MR scan, MR-guided, PET-MR Siemens, 5 ms Exposure, DR Room 3, MS Clinic, premrs Smith",
        "the baby was born before the scan; two patients (3 and 4) were exposed",
        "a@b, @home, 12 @ 3.5",
        "",
    ],
)
def test_the_field_s_own_text_raises_no_alarm(text: str) -> None:
    assert find(text) == ()


_SEPARATORS = st.sampled_from(["", " ", "-", ".", "/", " - ", "\u00a0", "\u200b", "–", "\n"])
_WORDS = st.text(alphabet="abcdefghijklmnop ,()", max_size=30)


def _number(rng: random.Random) -> str:
    while True:
        nine = "".join(rng.choice("0123456789") for _ in range(9))
        check = calculate_checksum(nine)
        if check is not None and check < 10:
            return f"{nine}{check}"


def _grouped(rng: random.Random, digits: str, separator: str) -> str:
    cuts = sorted(rng.sample(range(1, 10), rng.randint(0, 9)))
    return separator.join(digits[a:b] for a, b in zip([0, *cuts], [*cuts, 10], strict=True))


@given(rng=st.randoms(use_true_random=False), separator=_SEPARATORS, before=_WORDS, after=_WORDS)
def test_every_valid_nhs_number_is_found_however_it_is_grouped(
    rng: random.Random, separator: str, before: str, after: str
) -> None:
    written = _grouped(rng, _number(rng), separator)
    text = f"{before} {written} {after}"
    assert any(
        each.start <= len(before) + 1 and each.end >= len(before) + 1 + len(written) for each in find(text)
    )


@given(rng=st.randoms(use_true_random=False), separator=_SEPARATORS)
def test_ten_digits_with_a_wrong_check_digit_are_no_nhs_number(rng: random.Random, separator: str) -> None:
    digits = _number(rng)
    wrong = digits[:9] + str((int(digits[9]) + rng.randint(1, 9)) % 10)
    written = _grouped(rng, wrong, separator)
    assert all(each.kind is not Kind.NHS_NUMBER for each in find(f"number {written} it was"))


@given(st.text(max_size=300))
def test_any_text_is_read_and_the_places_are_those_of_the_text(text: str) -> None:
    end = 0
    for each in find(text):
        assert end <= each.start < each.end
        assert text[each.start : each.end] == each.text
        end = each.end


@given(st.integers(0, 9), st.sampled_from(["\u200b", "\u2060", "\ufeff", "\u00ad", "\u200d"]))
def test_what_has_no_width_hides_nothing(place: int, hidden: str) -> None:
    text = "9434765919"
    (found,) = find(f"no {text[:place]}{hidden}{text[place:]} of")
    assert found.normalised == "nhs_number:9434765919"


def test_spacing_and_capitals_do_not_make_another_identifier() -> None:
    def only(text: str) -> str:
        (found,) = find(text)
        return found.normalised

    assert only("943 476 5919") == only("943-476-5919") == only("٩٤٣٤٧٦٥٩١٩")
    assert only("Mr Patel") == only("MR  PATEL") != only("Mrs Patel")
    assert only("A@b.example") == only("a@B.example")
