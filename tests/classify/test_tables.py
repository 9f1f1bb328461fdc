"""What a sheet without a title is: by its tables, by a heading abroad, by boxes to tick."""

from __future__ import annotations

import pytest

from classify.layout import lay_out_page
from classify.letterhead import read_page_head
from classify.title_words import match_title_words
from classify.titles import match_title
from tests.classify.paper import type_page

TIMES = "TIME        0700   0715   0730   0745   0800   0815   0830\n"
VITALS = "BP          118/70 104/60 108/62 122/78\nPULSE       92   88   80   76   78   76   74\n"


@pytest.mark.parametrize(
    ("table", "name"),
    [
        (TIMES + VITALS, "flowsheet"),
        (
            TIMES + "N2O L/min   2  2  2\nISOFL %     1  1  1\nFENT mcg    50 . .\n" + VITALS,
            "anesthesia_record",
        ),
        (TIMES + "FHR (/min)  142 140 144\nCervix (cm) 4 . 6\n" + VITALS, "labor_delivery"),
        (
            "DATE     HOUR     ORDERS                    NURSE NOTED\n6-14-79  3:10P    1. Admit to CCU\n",
            "physician_orders",
        ),
        (
            "MEDICINE        STRENGTH   MORN   WHAT FOR\ncarvedilol      12.5 mg    1      heart\n",
            "medication_list",
        ),
        (
            "Drug       Dose      Route   Times   Given\nDigoxin    0.125 mg  PO      0900    0905 js\n",
            "medication_administration",
        ),
        (
            "MEDICATION / DOSE / ROUTE   BY   START    0400   1100   1600\nMetformin   VP   11/03   KR\n",
            "medication_administration",
        ),
        ("Digoxin      0900  1000  1100  1200  1300  1400\nFurosemide   0900  1700\n", ""),
    ],
)
def test_tables_tell_the_type(table: str, name: str) -> None:
    layout = lay_out_page(type_page(f"Hall, June     M 58Y\n\n{table}\n"))
    assert read_page_head(layout).title_type == name


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("CARTA DE CONSENTIMIENTO BAJO INFORMACIÓN", "consent"),
        ("ÜBERWEISUNGSSCHEIN", "referral"),
        ("FEUILLE DE SURVEILLANCE POST-OPÉRATOIRE", "flowsheet"),
        ("TRANSESOPHAGEAL ECHOCARDIOGRAPHY REPORT", "radiology_report"),
        ("SIMPLIFIED PARTOGRAPH", "labor_delivery"),
        ("Goals of Care Form", "advance_directive"),
        ("INFORME DE ALTA - URGENCIAS", ""),
    ],
)
def test_headings_by_their_words(heading: str, name: str) -> None:
    assert match_title_words(heading)[0] == name


@pytest.mark.parametrize(("line", "name"), [("F A X", "correspondence"), ("FAX    555-0182", "")])
def test_the_cover_of_a_fax(line: str, name: str) -> None:
    assert read_page_head(lay_out_page(type_page(f"{line}\n\nTO:   Film library\n"))).title_type == name


def test_an_entry_of_a_list_is_no_title() -> None:
    assert match_title("2. Consent for surgery signed") == ("", 0.0)


def test_a_letter_that_only_sends_a_patient_is_a_referral() -> None:
    layout = lay_out_page(
        type_page(
            "Dear Doctor Hall,\n\nThis introduces Mr. Kovac.  I would be grateful if you would see him.\n\n"
            "Sincerely,\n"
        )
    )
    head = read_page_head(layout)
    assert (head.title_type, head.title_strength) == ("referral", 1.0)
