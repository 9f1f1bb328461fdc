"""Which drawn filing a checker is shown, and that the first screen tells of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from backfile.domain.document import DocumentState
from backfile.domain.unaided import Verdict
from backfile.domain.user import Role, User
from backfile.errors import UsageError
from backfile.services.unaided import answer_check
from backfile.store.unaided import UnaidedFiling
from ingest.workshop import Workshop
from tests.people import ODETTE
from tests.ui.conftest import Paper
from ui.context import Visitor
from ui.pages.checks import choose_check
from ui.pages.home import list_errands


@pytest.fixture
def drawn(workshop: Workshop, add_paper: Callable[..., Paper]) -> list[str]:
    """Three drawn filings, beside one that was not drawn and a drawn one that was opened again."""
    papers = [add_paper(DocumentState.FILED) for _ in range(4)] + [add_paper(DocumentState.REVIEW)]
    with workshop.catalog.begin() as uow:
        for at, paper in enumerate(papers):
            filing = UnaidedFiling(paper.document, "kind/clean", ODETTE.id, uow.clock.now(), drawn=at != 3)
            uow.unaided.put(filing)
        uow.commit()
    return sorted(paper.document for paper in papers[:3])


def _choose(
    workshop: Workshop, session: str = "a", shown: str = "", later: frozenset[str] = frozenset()
) -> str:
    with workshop.catalog.look() as uow:
        check = choose_check(uow, session=session, shown=shown, later=later)
    return check.document if check else ""


def test_a_filing_stays_while_it_waits_and_what_is_put_off_does_not_return(
    workshop: Workshop, drawn: list[str]
) -> None:
    for document in drawn:
        assert _choose(workshop, shown=document) == document
    seen: list[str] = []
    while document := _choose(workshop, later=frozenset(seen)):
        seen.append(document)
    assert sorted(seen) == drawn


def test_checkers_begin_at_different_filings(workshop: Workshop, drawn: list[str]) -> None:
    assert {_choose(workshop, session=f"ses_{at}") for at in range(20)} == set(drawn)


def test_what_somebody_checked_is_not_checked_again(workshop: Workshop, drawn: list[str]) -> None:
    document = drawn[0]
    assert answer_check(document, ODETTE.id, catalog=workshop.catalog, actor="ann") is Verdict.RIGHT
    assert document not in {_choose(workshop, session=f"ses_{at}") for at in range(20)}
    with pytest.raises(UsageError, match="already"):
        answer_check(document, None, catalog=workshop.catalog, actor="ben")
    with workshop.catalog.look() as uow:
        assert not uow.unaided.stopped()


def test_the_first_screen_tells_of_them(workshop: Workshop, drawn: list[str]) -> None:
    errands = list_errands(Visitor(User("usr_1", "ann", Role.TECHNICIAN), "key"), workshop.catalog)
    assert [errand.text for errand in errands if errand.screen == "checks"] == [
        "Drawn from what Backfile filed by itself: **3 documents**. Find the patient anew, to see whether it "
        "filed rightly."
    ]
    clinician = list_errands(Visitor(User("usr_2", "cleo", Role.CLINICIAN), "key"), workshop.catalog)
    assert [errand.screen for errand in clinician] == ["search"]
