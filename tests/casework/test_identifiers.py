"""What identifies a person is found however it is written, and the field's own text is left alone."""

import random
from typing import Final

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
        ("9434765919.pdf", Kind.NHS_NUMBER, "9434765919"),
        ("NHSNo9434765919x", Kind.NHS_NUMBER, "9434765919"),
        ("(943) 476 5919", Kind.NHS_NUMBER, "943) 476 5919"),
        ("[943] (476)-5919", Kind.NHS_NUMBER, "943] (476)-5919"),
        ("943*476*5919", Kind.NHS_NUMBER, "943*476*5919"),
        ("943 ~ 476 ~ 5919", Kind.NHS_NUMBER, "943 ~ 476 ~ 5919"),
        ("943...476...5919", Kind.NHS_NUMBER, "943...476...5919"),
        ("It was 943...476...5919.", Kind.NHS_NUMBER, "943...476...5919"),
        ("943    476    5919", Kind.NHS_NUMBER, "943    476    5919"),
        ("943 -- 476 -- 5919", Kind.NHS_NUMBER, "943 -- 476 -- 5919"),
        ("| 943 | 476 | 5919 |", Kind.NHS_NUMBER, "943 | 476 | 5919"),
        ("943\\476\\5919", Kind.NHS_NUMBER, "943\\476\\5919"),
        ("943’476’5919", Kind.NHS_NUMBER, "943’476’5919"),
        ("943\x0b476\x0c5919", Kind.NHS_NUMBER, "943\x0b476\x0c5919"),
        ("943\x1f476\x855919", Kind.NHS_NUMBER, "943\x1f476\x855919"),
        ("943\u2028476\u20295919", Kind.NHS_NUMBER, "943\u2028476\u20295919"),
        ("943\u3164476\u28005919", Kind.NHS_NUMBER, "943\u3164476\u28005919"),
        ("943\u2044476\u22155919", Kind.NHS_NUMBER, "943\u2044476\u22155919"),
        ("943\u2027476\u22c55919", Kind.NHS_NUMBER, "943\u2027476\u22c55919"),
        ("9\u03014\u20dd3 476 5919", Kind.NHS_NUMBER, "9\u03014\u20dd3 476 5919"),
        ("943\u200d476\u200c5919", Kind.NHS_NUMBER, "943\u200d476\u200c5919"),
        ("943﹒476﹒5919", Kind.NHS_NUMBER, "943﹒476﹒5919"),
        ("DOB 12/03/1954", Kind.DATE_OF_BIRTH, "12/03/1954"),
        ("DOB 3.5.61", Kind.DATE_OF_BIRTH, "3.5.61"),
        ("DOB: 03051961", Kind.DATE_OF_BIRTH, "03051961"),
        ("dob 030561", Kind.DATE_OF_BIRTH, "030561"),
        ("DOB=19610503", Kind.DATE_OF_BIRTH, "19610503"),
        ("D/O/B 3-5-1961", Kind.DATE_OF_BIRTH, "3-5-1961"),
        ("Date of birth\n03/05/1961", Kind.DATE_OF_BIRTH, "03/05/1961"),
        ("Date_of_birth |\n 03/05/1961", Kind.DATE_OF_BIRTH, "03/05/1961"),
        ("DateOfBirth: 1961 May 3", Kind.DATE_OF_BIRTH, "1961 May 3"),
        ("born 3rd of May 1961", Kind.DATE_OF_BIRTH, "3rd of May 1961"),
        ("born on the 3rd day of May, 1961", Kind.DATE_OF_BIRTH, "3rd day of May, 1961"),
        ("born in May 1961", Kind.DATE_OF_BIRTH, "May 1961"),
        ("DOB \u200b03\u20445\u20441961", Kind.DATE_OF_BIRTH, "03\u20445\u20441961"),
        ("DOB １２/０３/１９５４", Kind.DATE_OF_BIRTH, "１２/０３/１９５４"),
        ("D\u200dO\u200dB 03\u00a0May\u00a01961", Kind.DATE_OF_BIRTH, "03\u00a0May\u00a01961"),
        ("Person A (b. 03/05/1961)", Kind.DATE_OF_BIRTH, "03/05/1961"),
        ("aged 64 (03/05/1961)", Kind.DATE_OF_BIRTH, "aged 64 (03/05/1961)"),
        ("date of birth given on the form as 3/5/61", Kind.DATE_OF_BIRTH, "3/5/61"),
        ("d.o.b. 1.3.54", Kind.DATE_OF_BIRTH, "1.3.54"),
        ("She was born on the 12th March 1954.", Kind.DATE_OF_BIRTH, "12th March 1954"),
        ("Date of birth: 1954-03-12", Kind.DATE_OF_BIRTH, "1954-03-12"),
        ("12/03/1954 (DOB)", Kind.DATE_OF_BIRTH, "12/03/1954"),
        ("aged 43 on 12/03/2026", Kind.DATE_OF_BIRTH, "aged 43 on 12/03/2026"),
        ("Mrs X (12/03/1954) came", Kind.DATE_OF_BIRTH, "12/03/1954"),
        ("the patient (12 March 1954) came", Kind.DATE_OF_BIRTH, "12 March 1954"),
        ("ask o’neill+x@trust.example.", Kind.EMAIL, "o’neill+x@trust.example"),
        ("a.b+ct@nhs.example", Kind.EMAIL, "a.b+ct@nhs.example"),
        ("a.b＠nhs．example", Kind.EMAIL, "a.b＠nhs．example"),
        ("a.b @ nhs.example", Kind.EMAIL, "a.b @ nhs.example"),
        ("a.b [at] nhs [dot] example", Kind.EMAIL, "a.b [at] nhs [dot] example"),
        ("a.b(at)nhs.co.uk", Kind.EMAIL, "a.b(at)nhs.co.uk"),
        ("a\u00adb@nhs.example", Kind.EMAIL, "a\u00adb@nhs.example"),
        ("+44(0)20 7946 0958", Kind.PHONE, "+44(0)20 7946 0958"),
        ("+44(0)7700900123", Kind.PHONE, "+44(0)7700900123"),
        ("+44 0 7700 900123", Kind.PHONE, "+44 0 7700 900123"),
        ("00 44 7700 900123", Kind.PHONE, "00 44 7700 900123"),
        ("0 7700 900123", Kind.PHONE, "0 7700 900123"),
        ("07 700 900 123", Kind.PHONE, "07 700 900 123"),
        ("07700 - 900 - 123", Kind.PHONE, "07700 - 900 - 123"),
        ("07700\n900123", Kind.PHONE, "07700\n900123"),
        ("01632/960001", Kind.PHONE, "01632/960001"),
        ("07700 900123/4", Kind.PHONE, "07700 900123"),
        ("０７７００\u3000９００１２３", Kind.PHONE, "０７７００\u3000９００１２３"),
        ("07700\u2011900\u2011123", Kind.PHONE, "07700\u2011900\u2011123"),
        ("+353 1 234 5678", Kind.PHONE, "+353 1 234 5678"),
        ("+1 (202) 555-0123", Kind.PHONE, "+1 (202) 555-0123"),
        ("+33 1 23 45 67 89", Kind.PHONE, "+33 1 23 45 67 89"),
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
        ("mr patel", Kind.NAME, "mr patel"),
        ("Mr JP Smith", Kind.NAME, "Mr JP Smith"),
        ("Dr J-P SMITH", Kind.NAME, "Dr J-P SMITH"),
        ("MR. J.P. PATEL", Kind.NAME, "MR. J.P. PATEL"),
        ("Mr Van Der Berg", Kind.NAME, "Mr Van Der Berg"),
        ("Mr St John", Kind.NAME, "Mr St John"),
        ("Mr Mu\u0308ller", Kind.NAME, "Mr Mu\u0308ller"),
        ("Ｍｒ\u3000Ｐａｔｅｌ", Kind.NAME, "Ｍｒ\u3000Ｐａｔｅｌ"),
        ("М\u0433 \u0420atel said", Kind.NAME, "М\u0433 \u0420atel"),
        ("Dr O\ufb03cer", Kind.NAME, "Dr O\ufb03cer"),
        ("\ufb01rst Mr Pa\u200btel", Kind.NAME, "Mr Pa\u200btel"),
        ("𝐌𝐫 𝒫𝒶𝓉𝑒𝓁", Kind.NAME, "𝐌𝐫 𝒫𝒶𝓉𝑒𝓁"),
        ("letter_Mr_Patel_ct", Kind.NAME, "Mr_Patel"),
        ("Mr-Patel", Kind.NAME, "Mr-Patel"),
        ("Mrs Small", Kind.NAME, "Mrs Small"),
        ("Mister Smith", Kind.NAME, "Mister Smith"),
        ("Nurse Jones", Kind.NAME, "Nurse Jones"),
        ("Master T Smith", Kind.NAME, "Master T Smith"),
        ("PATEL, Mr J", Kind.NAME, "PATEL, Mr"),
        ("Smith, John Paul (Mr)", Kind.NAME, "Smith, John Paul (Mr)"),
        ("Jane Smith (Mrs)", Kind.NAME, "Jane Smith (Mrs)"),
        ("at ICU, Mr J Patel", Kind.NAME, "Mr J Patel"),
        ("Surname: PATEL", Kind.NAME, "PATEL"),
        ("Patient name = Jane Doe", Kind.NAME, "Jane Doe"),
        ("Forename\tJane", Kind.NAME, "Jane"),
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
        "a@b, @home, 12 @ 3.5; 3 @ 8 Gy, dose @ isocentre. The dose @ Dmax was high",
        "The date of birth was not checked on 12/03/2026; name and DOB were asked for again on 12/03/2026",
        "airborne 12/03/2026; newborn scanned on 12/03/2026; the mother was 12/40, EDD 12/09/2026",
        "The patient attended (12/03/2026); a patient was seen (12 March 2026); option b 12/03/2026",
        "Serial no. 01234 567890; S/N 07700900123; asset tag: 0161 496 0000; serial 943 476 5919",
        "ISBN 0-306-40615-2; model 01632 960001; software version 0161.496.0000",
        "UID 1.3.12.2.1107.5.1.4.75234.30000026031209; 192.168.100.200; 2001:db8::1; SNOMED 1119252009",
        "ICD-10 C34.1, C79.5, Z51.0; OPCS X65.4; HCPC RA12345; GMC 1234567; CQC 1-123456789; ARSAC 123-4567",
        "60 Gy/30#, 26 Gy in 5, 1200 MU/min, SSD 100, 0800 1200 1600 2000; bleep 1234; 512 x 512 x 1024",
        "couch +3.5 12.5 7.5 1.25; +10 -5 +3 mm; + 44 mm; +10 000; 100:200:3000; 943, 476, 5919 mGy",
        "MR Brain, MR Head, an MR Sim, DR Panel, MS SQL, MR-Linac, CT, MR and US; the mr showed; dr detector",
        "Nurse Practitioner; Sister Trust; Master Schedule; Nurse A; in A&E, Dr said; Dear Sir or Madam",
        "Surname: N/A; Surname: Mismatch; Patient name: Not recorded; Surname\tForename\tDate of birth",
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


_MARKS: Final = "-./_:;|·*~+=\\'\"#&%!?^°§<>()[]{}"


@given(
    rng=st.randoms(use_true_random=False),
    mark=st.sampled_from(_MARKS),
    gaps=st.lists(
        st.sampled_from(["{0}", " {0}", "{0} ", " {0} ", "{0}{0}", " ", "  ", "\n"]), min_size=2, max_size=2
    ),
    after=st.sampled_from(["", ".", " of", ", then 12", "\n3 mGy"]),
)
def test_a_number_grouped_as_it_is_printed_is_found_whatever_stands_between(
    rng: random.Random, mark: str, gaps: list[str], after: str
) -> None:
    digits = _number(rng)
    first, second = (gap.format(mark) for gap in gaps)
    text = f"no {digits[:3]}{first}{digits[3:6]}{second}{digits[6:]}{after}"
    assert [each.kind for each in find(text)] == [Kind.NHS_NUMBER]


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


def test_letters_that_look_alike_do_not_make_another_identifier() -> None:
    (found,) = find("by \u041c\u0433 \u0420\u0430t\u0435l")
    assert found.normalised == "name:mrpatel"
    (found,) = find("b\u043eb@nhs.\u0435xample")
    assert found.normalised == "email:bob@nhs.example"


def test_spacing_and_capitals_do_not_make_another_identifier() -> None:
    def only(text: str) -> str:
        (found,) = find(text)
        return found.normalised

    assert only("943 476 5919") == only("943-476-5919") == only("٩٤٣٤٧٦٥٩١٩")
    assert only("Mr Patel") == only("MR  PATEL") != only("Mrs Patel")
    assert only("A@b.example") == only("a@B.example")


PLAIN_WORDS_TOO: Final = (
    *("Mrs May was told", "Mr Philips came", "Dr May said so", "Mr Lead", "Mr Hess", "Mrs Doss"),
    *("Mrs Bess", "Mr List came", "mrs May", "Dr Will looked"),
)
NO_SURNAMES: Final = (
    *("Dr Room 2", "MR Lead coil", "the Dr may decide", "Mr and Mrs", "Dr Philips system"),
    *("MR Scan’s end", "Dr On Call"),
)


@pytest.mark.parametrize("said", PLAIN_WORDS_TOO)
def test_a_surname_that_is_a_word_as_well_is_found_after_a_title(said: str) -> None:
    assert [each.kind for each in find(said)] == [Kind.NAME]


@pytest.mark.parametrize("said", NO_SURNAMES)
def test_a_word_of_the_field_after_a_technique_is_no_name(said: str) -> None:
    assert not list(find(said))
