"""Reports without a title: by what they say outright, by their sections, by the wording of a letter."""

from __future__ import annotations

import pytest

from classify.layout import lay_out_page
from classify.letterhead import read_page_head
from classify.sections import find_told_type
from tests.classify.paper import type_page


@pytest.mark.parametrize(
    ("sections", "name"),
    [
        ("REASON FOR CONSULTATION: X.|HISTORY OF PRESENT ILLNESS: X.|IMPRESSION: X.", "consultation"),
        ("SUBJECTIVE: X.|OBJECTIVE: X.|ASSESSMENT: X.|PLAN: X.", "progress_note"),
        ("DATE OF ADMISSION: 1/2/2003|DISCHARGE DIAGNOSIS: X.|HOSPITAL COURSE: X.", "discharge_summary"),
        (
            "PREOPERATIVE DIAGNOSIS: X.|POSTOPERATIVE DIAGNOSIS: X.|PROCEDURE: X.|ANESTHESIA: X.",
            "operative_note",
        ),
        ("EXAM: X.|REASON FOR EXAM: X.|FINDINGS: X.|IMPRESSION: X.", "radiology_report"),
        ("SPECIMEN: X.|GROSS DESCRIPTION: X.|DIAGNOSIS: X.", "pathology_report"),
        ("LOCAL TITLE: PRIMARY CARE PROVIDER NOTE|65 y/o veteran here.", "progress_note"),
        ("Result type: Discharge Summary|Seen today.", "discharge_summary"),
        ("REASON FOR CONSULTATION: X.|Please call us.", ""),
        ("ASSESSMENT: X.|PLAN: X.", ""),
        ("Title: Miss|Name: X", ""),
    ],
)
def test_sections_tell_the_type(sections: str, name: str) -> None:
    assert find_told_type(lay_out_page(type_page(sections.replace("|", "\n\n")))).type == name


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("Dear Dr. Oakeshott,|I reviewed this man in clinic today.|Yours sincerely", "consultation"),
        ("Dear Declan,|Many thanks for referring this teacher.|Kind regards,", "consultation"),
        ("Dear Dr. Tran,|Thank you for seeing this man with a cough.|Sincerely,", "referral"),
        ("Dear Mr. Dubois:|Your appointment is on May 19.|Sincerely,", "correspondence"),
        ("Dear Mr. Dubois:|Your claim was denied.|Sincerely,", ""),
        ("Dear Dr. Tran,|The meeting is on May 19.|Sincerely,", ""),
    ],
)
def test_letters_are_told_by_their_wording(body: str, name: str) -> None:
    page = type_page(body.replace("|", "\n\n"))
    assert read_page_head(lay_out_page(page)).title_type == name


def test_the_head_of_a_column_is_no_title() -> None:
    page = type_page(
        "MEDICATION          HOUR     1     2     3\nPlavix 75 mg        9A       KD    KD    SM\n"
    )
    assert read_page_head(lay_out_page(page)).title_type == ""
