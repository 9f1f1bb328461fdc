"""What the station says of a document that lies under a chart header sheet."""

from __future__ import annotations

import pytest

from backfile.domain.page import PageState
from backfile.domain.sheets import Sheet as Printed
from backfile.domain.sheets import SheetKind, encode_sheet
from backfile.services.print_sheets import WantedChart, issue_chart_sheets
from ingest.tools import filing_rules
from ingest.workshop import Workshop
from tests.classify.paper import type_page
from tests.papers import Sheet, add_waiting
from tests.people import ANNA, ANNAS, BARE, BURT, BURTS
from ui.verify.read_document import view_document


def lay_under_annas_sheet(workshop: Workshop, *pages: Sheet) -> str:
    """Return what the station says of pages that lie under Anna's chart header sheet."""
    with workshop.catalog.begin() as uow:
        uow.patients.add(ANNA, BURT)
        uow.commit()
    issued = issue_chart_sheets(
        [WantedChart(1, ANNA.mrn.value)], catalog=workshop.catalog, actor="tina"
    ).issued
    code = encode_sheet(Printed(SheetKind.CHART, issued[0].sheet.token))
    header_id, waiting_id = add_waiting(workshop, [[BARE], pages])
    with workshop.catalog.begin() as uow:
        (header,) = uow.pages.of_document(header_id)
        uow.pages.save_reading(header.id, type_page("CHART HEADER SHEET", codes=(code,)), at=uow.clock.now())
        uow.pages.set_state([header.id], PageState.SEPARATOR)
        uow.commit()
    with workshop.catalog.look() as uow:
        waiting = uow.documents.get(waiting_id)
        assert waiting is not None
        return view_document(waiting, uow=uow, rules=filing_rules(workshop.settings)).reason_text


@pytest.mark.parametrize(
    ("pages", "ending"),
    [
        ((BARE,), "Quillfeather, Anna Louise (MRN 70482913)."),
        ((ANNAS, BARE, BURTS), "(MRN 70482913), but page 3 names somebody else."),
        ((BURTS, ANNAS, BURTS), "(MRN 70482913), but pages 1, 3 name somebody else."),
    ],
)
def test_a_person_is_told_whose_sheet_it_is_and_what_speaks_against_it(
    workshop: Workshop, pages: tuple[Sheet, ...], ending: str
) -> None:
    said = lay_under_annas_sheet(workshop, *pages)
    assert "Lies under the chart header sheet of Quillfeather, Anna" in said
    assert said.endswith(ending)
