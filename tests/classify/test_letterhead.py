"""Institution, title and page number at the head of a page; titles and the types they name."""

from __future__ import annotations

import pytest

from backfile.domain.document_types import DOCUMENT_TYPES, UNKNOWN
from classify.layout import lay_out_page
from classify.letterhead import is_institution, read_page_head
from classify.rules import find_by_rules
from classify.title_words import match_title_words
from classify.titles import TITLES, match_title
from tests.classify.paper import TODAY, type_page


@pytest.mark.parametrize(
    ("foot", "pair"),
    [
        ("Page 1 of 3", (1, 3)), ("Pg. 2/4", (2, 4)), ("PAGE: 3 OF 3", (3, 3)), ("Page l of 2", (1, 2)),
        ("Page 4 of 3", None), ("Page 2", None), ("2 of 5", (2, 5)),
    ],
)  # fmt: skip
def test_page_n_of_m(foot: str, pair: tuple[int, int] | None) -> None:
    assert read_page_head(lay_out_page(type_page(f"PROGRESS NOTE\n{foot}\n"))).page_of == pair


def test_fractions_in_the_text_are_no_page_numbers() -> None:
    text = "PROGRESS NOTE\n" + "\n" * 20 + "Pain 2 of 10 today, BP 120/80\n"
    assert read_page_head(lay_out_page(type_page(text))).page_of is None


def test_institution_and_title() -> None:
    head = read_page_head(
        lay_out_page(
            type_page(
                "St. Luke's Regional Medical Center\nDepartment of Surgery\nOPERATIVE REPORT\nText here.\n"
            )
        )
    )
    assert head.letterhead == "St. Luke's Regional Medical Center"
    assert head.heading == "OPERATIVE REPORT"
    assert head.title_type == "operative_note"


@pytest.mark.parametrize(
    "line",
    [
        "HOSPITAL COURSE",
        "Hospital No: 1234",
        "The patient came to the hospital.",
        "Discharge Summary",
        "Department of Surgery",
    ],
)
def test_no_institution(line: str) -> None:
    assert not is_institution(line)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("D/C Summary", "discharge_summary"), ("History & Physical", "history_physical"),
        ("OPERATlVE REP0RT", "operative_note"), ("Cardiology Consultation Report", "consultation"),
        ("Surgical Pathology Report - Final", "pathology_report"),
        ("Nurses' Notes (continued)", "nursing_note"),
        ("Medication Administratlon Record", "medication_administration"),
        ("Authorization for Release of Informatlon", "release_authorization"),
    ],
)  # fmt: skip
def test_titles(line: str, name: str) -> None:
    assert match_title(line)[0] == name


@pytest.mark.parametrize("line", ["Chest clear, heart regular", "Follow up in two weeks", "SMITH, JOHN", ""])
def test_no_titles(line: str) -> None:
    assert match_title(line) == ("", 0.0)


def test_every_type_has_titles() -> None:
    assert {name for name, _ in TITLES.values()} == set(DOCUMENT_TYPES) - {UNKNOWN}


@pytest.mark.parametrize("line", ["Primary Care", "I AUTHORIZE North Fork Medical Center"])
def test_labels_and_sentences_are_no_institutions(line: str) -> None:
    assert not is_institution(line)


def test_a_list_of_records_to_release_is_no_title() -> None:
    page = type_page("""
North Fork Medical Center
RELEASE FROM - North Fork Medical Center
INFORMATION TO     X Discharge summary     History and physical     Operative report
BE RELEASED        Laboratory results      Radiology reports        Progress notes
""")
    assert read_page_head(lay_out_page(page)).title_type == ""


def test_a_title_over_such_a_list_is_one() -> None:
    page = type_page("""
RELEASE OF INFORMATION

RELEASE FROM - North Fork Medical Center
RECIPIENT - self
Records Requested
X Discharge summary
History and physical
Operative report
""")
    assert read_page_head(lay_out_page(page)).title_type == "release_authorization"


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("TRANSFER SUMMARY - Skilled Nursing Facility to Hospital", "transfer_summary"),
        ("Visiting Nurse Home Care - Skilled Nursing Visit Note", "nursing_note"),
        ("ANESTHESIA RECORD Hosp # 55604   10/7/39", "anesthesia_record"),
        ("Reason: transfer of care", ""),
    ],
)
def test_a_title_beside_other_words_of_its_line(line: str, name: str) -> None:
    layout = lay_out_page(type_page(f"{line}\n\nSeen today.\n"))
    labelled = find_by_rules(layout, page=1, today=TODAY).spoken_for
    assert read_page_head(layout, labelled=labelled).title_type == name


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Paracentesis note", "procedure_note"),
        ("Neurology e-Consult / Inpatient", "consultation"),
        ("Urgent Care Visit Record", "emergency_note"),
        ("CONSENT TO EXCHANGE INFORMATION", "release_authorization"),
        ("PERMISSION FOR ANESTHESIA AND OPERATION", "consent"),
        ("Diabetes Flow Sheet", "flowsheet"),
        ("MRI LEFT KNEE WITHOUT CONTRAST", "radiology_report"),
        ("DO NOT RESUSCITATE ORDERS", "advance_directive"),
        ("Skilled Nursing Discharge Visit Note", "nursing_note"),
        ("ECG sinus bradycardia, old inferior MI.", ""),
        ("Cafeteria menu week of March 3", ""),
        ("The consultation report will follow", ""),
        ("Operative report and pathology report", ""),
    ],
)
def test_headings_name_their_type_by_their_words(line: str, name: str) -> None:
    assert match_title_words(line)[0] == name
