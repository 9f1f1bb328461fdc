"""Hard cases of whose identifiers are on a page, by rule alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from backfile.domain.document import SightingKind as K
from classify.identifiers import find_evidence
from classify.matching.facts import EXACT_FLOOR
from tests.classify.paper import RULES, look, type_page, values


def test_head_of_a_form() -> None:
    seen = look("""
Patient Name: SMITH, JOHN A     DOB: 03/12/1950    MRN: 00123456
Sex: M      Age: 74       Visit #: 55501234
""")
    assert values(seen, K.PATIENT_NAME) == ["SMITH, JOHN A"]
    assert values(seen, K.BIRTH_DATE) == ["1950-03-12"]
    assert values(seen, K.MRN) == ["00123456"]
    assert values(seen, K.SEX) == ["M"]
    assert values(seen, K.ENCOUNTER) == ["55501234"]


def test_labels_over_values() -> None:
    seen = look("""
Patient Name            Date of Birth     Medical Record No.
DOE, JANE               3/4/60            123456
""")
    assert values(seen, K.PATIENT_NAME) == ["DOE, JANE"]
    assert values(seen, K.BIRTH_DATE) == ["1960-03-04"]
    assert values(seen, K.MRN) == ["123456"]


@pytest.mark.parametrize(
    "line",
    [
        "PATlENT NAME: SMITH, JOHN   D0B: 03/12/1950   MRN: 00123456",
        "Patlent Narne: SMITH, JOHN   Date of B1rth: 03/12/1950   Med1cal Rec0rd #: 00123456",
        "PatientName:SMITH, JOHN   DateofBirth:03/12/1950   MRN#00123456",
        "Pt. Nm: SMITH, JOHN   D. O. B. 03/12/1950   Med. Rec. Nbr. 00123456",
        "Patient; SMITH, JOHN   Birth Date; 03/12/1950   Chart No. 00123456",
    ],
)
def test_damaged_and_odd_labels(line: str) -> None:
    seen = look(line)
    assert values(seen, K.PATIENT_NAME) == ["SMITH, JOHN"]
    assert values(seen, K.BIRTH_DATE) == ["1950-03-12"]
    assert values(seen, K.MRN) == ["00123456"]


def test_an_initial_is_no_particle() -> None:
    assert values(look("Patient: Savitri D Kapoor   DOB: 03/12/1950\n"), K.PATIENT_NAME) == [
        "Kapoor, Savitri D"
    ]


def test_name_in_parts() -> None:
    seen = look("Last Name: SMITH    First Name: JOHN    MI: A\n")
    assert values(seen, K.PATIENT_NAME) == ["SMITH, JOHN A"]


@pytest.mark.parametrize(
    "label",
    [
        "Attending Physician",
        "Ordering Provider",
        "Ref. Phys.",
        "Surgeon",
        "Electronically signed by",
        "PCP",
        "Dictated by",
    ],
)
def test_provider_is_not_the_patient(label: str) -> None:
    seen = look(f"{label}: Alan Turing, MD    Date: 01/02/2020\n")
    assert values(seen, K.PATIENT_NAME) == []
    assert values(seen, K.PROVIDER) == ["Turing, Alan"]


def test_a_degree_makes_a_provider_even_after_a_plain_label() -> None:
    seen = look("Name: Alan Turing, MD\n")
    assert values(seen, K.PATIENT_NAME) == []
    assert values(seen, K.PROVIDER) == ["Turing, Alan"]


@pytest.mark.parametrize(
    "label",
    [
        "Guarantor", "Emergency Contact", "Next of Kin", "Mother's Name", "Spouse", "Subscriber Name",
        "Notify in Emergency",
        "Responsible Party", "Parent/Guardian", "Health Care Agent", "Witness", "Insured's Name",
    ],
)  # fmt: skip
def test_relative_is_not_the_patient(label: str) -> None:
    seen = look(f"{label}: MARY SMITH     DOB: 01/02/1955    Phone: (518) 555-0134\n")
    assert values(seen, K.PATIENT_NAME) == []
    assert values(seen, K.RELATIVE_NAME) == ["SMITH, MARY"]
    assert values(seen, K.PHONE) == []


def test_a_guarantors_block_keeps_its_dates_and_numbers() -> None:
    seen = look("""
PATIENT INFORMATION
Name: SMITH, JOHN       DOB: 03/12/1950
Phone: (518) 555-0134
GUARANTOR INFORMATION
Name: SMITH, MARY       DOB: 01/02/1955
Phone: (518) 555-9999   SSN: 123-45-6789
EMERGENCY CONTACT
Name: JONES, ROBERT
""")
    assert values(seen, K.PATIENT_NAME) == ["SMITH, JOHN"]
    assert values(seen, K.BIRTH_DATE) == ["1950-03-12"]
    assert values(seen, K.PHONE) == ["5185550134"]
    assert values(seen, K.SSN_LAST4) == []
    assert values(seen, K.RELATIVE_NAME) == ["SMITH, MARY", "JONES, ROBERT"]


def test_newborn_and_mother() -> None:
    seen = look("""
Patient: Baby Girl SMITH   DOB: 03/03/2024   MRN: 7654321
Mother: MARY SMITH   Mother's MRN: 1234567   DOB: 01/01/1990
""")
    assert values(seen, K.PATIENT_NAME) == ["SMITH, Baby Girl"]
    assert values(seen, K.BIRTH_DATE) == ["2024-03-03"]
    assert values(seen, K.MRN) == ["7654321"]
    assert values(seen, K.RELATIVE_NAME) == ["SMITH, MARY"]
    assert "1234567" in values(seen, K.OTHER_NUMBER)


@pytest.mark.parametrize(
    "label",
    ["Printed", "Print Date", "Signed", "Faxed", "Report Date", "Dictated", "Expires", "LMP", "Received"],
)
def test_other_dates(label: str) -> None:
    seen = look(f"Date of Service: 04/05/2019   DOB: 03/12/1950    {label}: 02/03/2020\n")
    assert values(seen, K.BIRTH_DATE) == ["1950-03-12"]
    assert values(seen, K.SERVICE_DATE) == ["2019-04-05"]
    assert values(seen, K.OTHER_DATE) == ["2020-02-03"]


def test_admission_dates_a_visit_only_where_nothing_better_does() -> None:
    with_service = look("Date of Service: 04/05/2019   Admit Date: 04/01/2019\n")
    assert values(with_service, K.SERVICE_DATE) == ["2019-04-05"]
    without = look("Admit Date: 04/01/2019   Discharge Date: 04/07/2019   Printed: 05/05/2019\n")
    assert values(without, K.SERVICE_DATE) == ["2019-04-07"]


@pytest.mark.parametrize(
    "label",
    [
        "Accession #",
        "Policy #",
        "NPI",
        "Group No.",
        "Member ID",
        "Claim #",
        "DEA #",
        "Outside MRN",
        "Specimen #",
        "Fax",
    ],
)
def test_other_numbers_are_no_mrn(label: str) -> None:
    seen = look(f"{label}: 12345678    MRN: 00123456\n")
    assert values(seen, K.MRN) == ["00123456"]
    seen = look(f"{label}: 12345678\n")
    assert values(seen, K.MRN) == []


@pytest.mark.parametrize("number", ["03/12/1950", "518-555-0134", "123-45-6789", "12", "See chart", "N/A"])
def test_what_has_the_shape_of_something_else_is_no_mrn(number: str) -> None:
    assert values(look(f"MRN: {number}\n"), K.MRN) == []


@pytest.mark.parametrize(
    ("number", "value"),
    [("E1 4 4 2 42", "E144242"), ("0 0 1 2 3 4 5 6", "00123456"), ("00 12 34", "001234")],
)
def test_a_number_in_groups_is_taken_whole(number: str, value: str) -> None:
    (seen,) = [s for s in look(f"MRN: {number}\n") if s.kind is K.MRN]
    assert (seen.value, seen.confidence >= EXACT_FLOOR) == (value, True)


def test_a_number_that_may_go_on_is_never_read_exactly() -> None:
    """The first part of a torn number can be the whole number of another patient."""
    page = type_page("MRN: 001234 56\nPt name: SMITH, JOHN")
    number, rest = page.words[1], page.words[2]
    torn = replace(rest, box=(number.box[2] + 0.001, *rest.box[1:]))
    words = (page.words[0], number, torn, *page.words[3:])
    for one, is_exact in ((page, True), (replace(page, words=words), False)):
        found = find_evidence(one, page_number=1, finder=RULES).sightings
        assert [s.confidence >= EXACT_FLOOR for s in found if s.kind is K.MRN] == [is_exact]


def test_sticker_without_labels() -> None:
    seen = look("""
SMITH, JOHN A
M  03/12/1950  74Y
00123456

PROGRESS NOTE
""")
    assert values(seen, K.PATIENT_NAME) == ["SMITH, JOHN A"]
    assert values(seen, K.BIRTH_DATE) == ["1950-03-12"]
    assert values(seen, K.MRN) == ["00123456"]
    assert values(seen, K.SEX) == ["M"]
    assert not any(s.labelled for s in seen)


def test_a_name_alone_is_no_sticker() -> None:
    assert values(look("SMITH, JOHN A\nPROGRESS NOTE\nseen today\n"), K.PATIENT_NAME) == []


def test_unlabelled_name_beside_labelled_identifiers() -> None:
    seen = look("SMITH, JOHN A          MRN: 00123456  DOB: 03/12/1950\n")
    assert values(seen, K.PATIENT_NAME) == ["SMITH, JOHN A"]


def test_subject_of_a_letter() -> None:
    seen = look("RE: John Smith, DOB 3/12/1950 (74 y M), MRN 12345678\nDear Dr. Walker:\n")
    assert values(seen, K.PATIENT_NAME) == ["Smith, John"]
    assert values(seen, K.BIRTH_DATE) == ["1950-03-12"]
    assert values(seen, K.MRN) == ["12345678"]
    assert values(seen, K.SEX) == ["M"]


def test_two_patients_on_one_page_are_both_seen() -> None:
    seen = look("""
Patient Name            DOB           MRN
SMITH, JOHN A           03/12/1950    00123456
DOE, JANE               04/11/1962    00999999
ROE, RICHARD            05/12/1971    00888888
""")
    assert values(seen, K.PATIENT_NAME) == ["SMITH, JOHN A", "DOE, JANE", "ROE, RICHARD"]
    assert values(seen, K.MRN) == ["00123456", "00999999", "00888888"]


def test_blank_form_says_nothing() -> None:
    seen = look("""
Patient Name: ______________ DOB: __/__/____ MRN: __________
Address: ___________________ Phone: (___) ___-____
Sex: [ ] Male [ ] Female     Date: ______
Physician Signature: _______ Date: ______
Please Print Clearly         Last Name, First Name
""")
    assert seen == ()


def test_confidence_is_never_above_the_least_sure_word() -> None:
    page = type_page("Patient: SMITH, JOHN   MRN: 00123456\n", confidence=0.41)
    from classify.identifiers import find_evidence
    from tests.classify.paper import RULES

    assert {s.confidence for s in find_evidence(page, page_number=1, finder=RULES).sightings} == {0.41}


def test_boxes_lie_around_the_value_alone() -> None:
    (seen,) = [s for s in look("Patient: SMITH, JOHN   MRN:00123456\n") if s.kind is K.MRN]
    assert seen.raw == "00123456"
    assert seen.box[0] == pytest.approx(0.05 + 27 * 0.009, abs=0.002)
    assert seen.box[2] == pytest.approx(0.05 + 35 * 0.009, abs=0.002)


def test_prose_about_a_patient_names_nobody() -> None:
    seen = look("""
The patient is a 47 year old man. His wife Mary was present. Date of Birth unknown. Heart Rate 72.
Patient Education was given. Mother Baby Unit called. Chart Review Complete.
""")
    assert values(seen, K.PATIENT_NAME) == []
    assert values(seen, K.BIRTH_DATE) == []
    assert values(seen, K.MRN) == []


def test_address_on_two_lines() -> None:
    seen = look("""
Patient: SMITH, JOHN
Address: 12 Main St Apt 3
         Albany, NY 12205
""")
    assert values(seen, K.ADDRESS) == ["12 Main St Apt 3, Albany, NY 12205"]


def test_telephone_of_the_letterhead_is_not_the_patients() -> None:
    seen = look("""
MERCY GENERAL HOSPITAL
Phone: (518) 555-0100   Fax: (518) 555-0101
Patient: SMITH, JOHN    Home Phone: (518) 555-0134
""")
    assert values(seen, K.PHONE) == ["5185550134"]
    assert values(seen, K.FACILITY) == ["MERCY GENERAL HOSPITAL"]


def test_captions_under_what_was_filled_in() -> None:
    seen = look("""
SMITH             JOHN              A
Last Name         First Name        MI
03/12/1950        M                 00123456
Date of Birth     Sex               Medical Record #
""")
    assert values(seen, K.PATIENT_NAME) == ["SMITH, JOHN A"]
    assert values(seen, K.BIRTH_DATE) == ["1950-03-12"]
    assert values(seen, K.MRN) == ["00123456"]
    assert values(seen, K.SEX) == ["M"]


def test_a_contacts_telephone_in_a_row_of_heads() -> None:
    seen = look("""
Home Phone         Social Security No.   Medical Record Number
518-555-0134       123-45-6789           00123456
Emergency Contact  Relationship     Phone
Mary Smith         Wife             518-555-7777
""")
    assert values(seen, K.PHONE) == ["5185550134"]
    assert values(seen, K.SSN_LAST4) == ["6789"]
    assert values(seen, K.OTHER_NUMBER) == ["5185557777"]


def test_head_of_a_laboratory_with_the_name_apart() -> None:
    seen = look("""
Specimen ID: 123-456-7890      Acct #: 12345678     Phone: (518) 555-0100
SMITH, JOHN A                  Mercy Family Practice
12 Main Street                 100 Hospital Drive
Patient Details         Specimen Details               Physician Details
DOB: 03/12/1950         Date collected: 01/02/2020     Ordering: J DOE
Patient ID: 00123456    Date reported: 01/03/2020      NPI: 1234567890
""")
    assert values(seen, K.PATIENT_NAME) == ["SMITH, JOHN A"]
    assert values(seen, K.MRN) == ["00123456"]
    assert values(seen, K.SERVICE_DATE) == ["2020-01-02"]


def test_two_columns_of_a_form_do_not_mix() -> None:
    seen = look("""
Name of Pt.
SMITH, JOHN        Complaint
BIRTH DATE         Per Dr. Jansen increase the dose and recheck in 6 days. Message
24 MARCH 1995      left on voice mail to call back.
MR NO.
1458410            Instructed to go to the hospital if it gets worse.
""")
    assert values(seen, K.PATIENT_NAME) == ["SMITH, JOHN"]
    assert values(seen, K.BIRTH_DATE) == ["1995-03-24"]
    assert values(seen, K.MRN) == ["1458410"]
