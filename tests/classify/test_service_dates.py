"""Which date a document is of."""

from __future__ import annotations

import pytest

from backfile.domain.document import SightingKind as K
from tests.classify.paper import look, values

PATIENT = "Patient: SMITH, JOHN   MRN: 00412233   DOB: 03/12/1950\n"


@pytest.mark.parametrize(
    "text",
    [
        "Date of Service: 06/19/2016",
        "Admitted: 06/01/2016   Discharged: 06/19/2016",
        "List Date: 06/19/2016   PCP: Dr. Casey",
        "Updated: 06/19/2016",
        "ADM 06/01/2016   Dr. Ricci\nMAR Date   Unit\n06/19/2016   ED",
        "Admission: 06/19/2016",
        "ADM DT   ATTENDING MD\n06/19/2016   Peters, C DO",
        "Requested on: 06/19/2016",
        "Ordered: 06/19/2016   Start: 06/20/2016",
        "Received: 06/19/2016 1712",
        "Start Date   Allergy\n06/19/2016   penicillin",
        "Printed: 07/01/2016\n" + "\n" * 30 + "Patient / Legal Guardian: JOHN SMITH   Date: 06/19/2016",
        "Signature of patient: JOHN SMITH   Date: 06/19/2016",
        "Dates of service: 10/06/2014 to 05/15/2016\nSignature of patient: JOHN SMITH   Date: 06/19/2016",
        "Signature of patient: JOHN SMITH   Date signed 06/19/2016",
        "Last updated: 06/19/2016",
        "For dates: 10/06/2014 - 05/15/2016\nSignature of patient: JOHN SMITH   Date: 06/19/2016",
    ],
)
def test_the_date_of_a_document(text: str) -> None:
    assert values(look(PATIENT + text), K.SERVICE_DATE) == ["2016-06-19"]


@pytest.mark.parametrize(
    "text",
    [
        "Printed: 06/19/2016",
        "Dictated: 06/19/2016",
        "Faxed: 06/19/2016",
        "DD: 06/19/2016   DT: 06/19/2016",
        "Next refill: 06/19/2016",
        "\n" * 20 + "ORDER      STARTED\nDIGOXIN    06/19/2016\n  1 TAB DAILY\nLASIX      06/19/2016",
    ],
)
def test_dates_that_stand_in_for_none(text: str) -> None:
    assert values(look(PATIENT + text), K.SERVICE_DATE) == []


def test_a_date_that_stands_in_is_less_sure() -> None:
    (called,) = (s for s in look(PATIENT + "DOS: 06/19/2016") if s.kind is K.SERVICE_DATE)
    (other,) = (s for s in look(PATIENT + "Updated: 06/19/2016") if s.kind is K.SERVICE_DATE)
    assert other.confidence < 0.84 < called.confidence
