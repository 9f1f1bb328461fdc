"""The first screen says in words what waits for whom."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from backfile.domain.document import DocumentState
from backfile.domain.user import Role, User
from ingest.workshop import Workshop
from tests.ui.conftest import Paper
from ui.context import Visitor
from ui.pages.home import list_errands


def as_role(role: Role) -> Visitor:
    return Visitor(User("usr_1", "ann", role), "key")


@pytest.mark.parametrize(
    ("role", "screens"),
    [
        (Role.SCANNING, ["scans"]),
        (Role.TECHNICIAN, ["verify", "scans", "search"]),
        (Role.CLINICIAN, ["search"]),
        (Role.SUPERVISOR, ["verify", "scans", "search", "overview"]),
        (Role.ADMINISTRATOR, ["verify", "scans", "search", "overview"]),
    ],
)
def test_each_role_is_told_of_its_own_work(workshop: Workshop, role: Role, screens: list[str]) -> None:
    assert [errand.screen for errand in list_errands(as_role(role), workshop.catalog)] == screens


def test_the_figures_are_those_of_the_queue(workshop: Workshop, add_paper: Callable[..., Paper]) -> None:
    first, *_ = list_errands(as_role(Role.TECHNICIAN), workshop.catalog)
    assert first.text == "✓ No document waits for a person."
    add_paper(DocumentState.REVIEW)
    add_paper(DocumentState.FILED)
    first, *_, last = list_errands(as_role(Role.SUPERVISOR), workshop.catalog)
    assert first.text.startswith("**1 document** waits")
    assert last.text == "1 document filed so far."
