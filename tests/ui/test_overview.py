from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backfile.domain.document import DocumentState
from backfile.domain.reasons import Reason
from backfile.domain.user import Role
from backfile.services.accounts import add_user
from backfile.services.decide import confirm_patient, remove_document, undo_decision
from tests.ui.archive import NOW, Archive, make_archive, make_patient
from ui.finding.document import load_sheet, write_pages
from ui.pages.document import build_facts
from ui.pages.overview import build_blocks
from ui.reports.figures import code_of, read_figure
from ui.reports.overview import AGE_WORDS, OTHERS, Overview, list_documents, load_overview
from ui.reports.spans import ages, busy_minutes, local_day

DAY = 24 * 3600.0


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """Documents of forty days, and a team of two that decided some."""
    archive = make_archive(tmp_path_factory.mktemp("overview"))
    catalog = archive.workshop.catalog
    archive.add_patients(make_patient("pat_1", "Marsh-Doe, Odette", "1950-03-12", "0012345"))
    for name, role in (("ada", Role.TECHNICIAN), ("ben", Role.SUPERVISOR)):
        add_user(name, role, "a long enough password", catalog=catalog, actor="test")
    waiting = []
    for days, count in ((40, 1), (20, 2), (5, 3), (3, 1), (1, 0)):
        for _ in range(count):
            waiting.append(
                archive.add_document(
                    "waits", state=DocumentState.REVIEW, reason=Reason.TWIN_OR_NAMESAKE, date="1998-03-02"
                )
            )
        archive.clock.advance({40: 20, 20: 15, 5: 2, 3: 2, 1: 1}[days] * DAY)
    archive.add_document("torn", state=DocumentState.EXCEPTION, reason=Reason.PAGE_UNREADABLE)
    archive.add_document("pale", state=DocumentState.EXCEPTION, reason=Reason.SCAN_REQUESTED)
    machine = [archive.add_document("filed", patient="pat_1") for _ in range(4)]
    confirmed = confirm_patient(waiting[-1], "pat_1", version=1, catalog=catalog, actor="ada")
    undo_decision(confirmed.id, catalog=catalog, actor="ben")
    confirm_patient(waiting[-1], "pat_1", version=3, catalog=catalog, actor="ada")
    remove_document(machine[0], version=1, catalog=catalog, actor="operator")
    archive.clock.advance(60)
    return archive


@pytest.fixture(scope="module")
def overview(archive: Archive) -> Overview:
    with archive.workshop.catalog.look() as uow:
        return load_overview(uow=uow)


def count_behind(archive: Archive, code: str) -> int:
    with archive.workshop.catalog.look() as uow:
        figure = read_figure(code, uow=uow)
        assert figure is not None
        lines, total = list_documents(figure.only, offset=0, uow=uow)
    assert len(lines) == total
    assert len({line.id for line in lines}) == total
    return total


def test_figures_are_counts_of_what_is_there(overview: Overview) -> None:
    assert overview.waiting == 7  # 6 in review, 1 exception
    assert overview.waiting_by_age == (1, 0, 3, 2, 1)
    assert sum(overview.waiting_by_age) == overview.waiting
    assert overview.aside == 1
    assert (overview.filed_unaided, overview.filed_by_person, overview.removed) == (3, 1, 1)
    assert overview.unaided_share == pytest.approx(3 / 12)
    assert overview.documents == 13
    assert dict(overview.reasons) == {
        Reason.TWIN_OR_NAMESAKE: 6,
        Reason.PAGE_UNREADABLE: 1,
        Reason.SCAN_REQUESTED: 1,
    }


def test_each_figure_opens_as_many_documents_as_it_counts(archive: Archive, overview: Overview) -> None:
    assert count_behind(archive, "waiting") == overview.waiting
    for number, count in enumerate(overview.waiting_by_age):
        assert count_behind(archive, code_of("waiting", number)) == count
    for reason, count in overview.reasons:
        assert count_behind(archive, code_of("reason", reason.value)) == count
    assert count_behind(archive, "filed.machine") == overview.filed_unaided
    assert count_behind(archive, "filed.person") == overview.filed_by_person
    assert count_behind(archive, "aside") == overview.aside
    assert count_behind(archive, "removed") == overview.removed
    assert count_behind(archive, "all") == overview.documents


def test_decisions_are_counted_by_person_and_day(archive: Archive, overview: Overview) -> None:
    team = {line.name: line for line in overview.team}
    assert sum(team["ada"].decisions) == team["ada"].decisions[0] == 2
    assert sum(team["ben"].decisions) == 1
    assert team["ben"].role == "supervisor"
    assert sum(team["without an account"].decisions) == 1
    today = overview.days[0].isoformat()
    assert count_behind(archive, code_of("decided", team["ada"].user, today)) == 1  # twice about one
    assert count_behind(archive, code_of("decided", OTHERS, "any")) == 1
    assert count_behind(archive, code_of("decided", "any", today)) == 2
    yesterday = overview.days[1].isoformat()
    assert count_behind(archive, code_of("decided", "any", yesterday)) == 0
    assert count_behind(archive, code_of("decided", "usr_nobody", "any")) == 0


def test_the_oldest_is_the_one_that_waits_longest(archive: Archive, overview: Overview) -> None:
    assert overview.oldest is not None
    with archive.workshop.catalog.look() as uow:
        document = uow.documents.get(overview.oldest[0])
    assert document is not None
    assert document.state is DocumentState.REVIEW
    assert document.received_at == overview.oldest[1] == NOW


@pytest.mark.parametrize(
    "code",
    [
        "",
        "nothing",
        "waiting.9",
        "waiting.-1",
        "waiting.x",
        "reason.no_reason",
        "decided.any.no-day",
        "decided.any",
        "filed.nobody",
        "waiting.1.2",
    ],
)
def test_an_address_that_names_no_figure_opens_none(archive: Archive, code: str) -> None:
    with archive.workshop.catalog.look() as uow:
        assert read_figure(code, uow=uow) is None


def test_the_board_names_every_figure(overview: Overview) -> None:
    text = str(build_blocks(overview))
    for words in ("Waiting for a technician", "Filed unaided", "25%", "Balanced", *AGE_WORDS):
        assert words in text


def test_an_empty_archive_has_an_overview(tmp_path: Path) -> None:
    with make_archive(tmp_path).workshop.catalog.look() as uow:
        overview = load_overview(uow=uow)
    assert overview.waiting == 0
    assert overview.unaided_share is None
    assert overview.oldest is None
    assert overview.pages_per_minute is None
    assert "Nothing waits for a person." in str(build_blocks(overview))


def test_pages_a_minute_are_taken_over_the_minutes_of_work(tmp_path: Path) -> None:
    archive = make_archive(tmp_path)
    archive.add_file("one.pdf", pages=30)  # a minute of work
    archive.clock.advance(6 * 3600)
    archive.add_file("two.pdf", pages=10)
    archive.clock.advance(600)
    with archive.workshop.catalog.look() as uow:
        assert load_overview(uow=uow).pages_per_minute == pytest.approx(20)


def test_a_documents_history_is_told_in_words(archive: Archive) -> None:
    with archive.workshop.catalog.look() as uow:
        only = read_figure("filed.person", uow=uow)
        assert only is not None
        (line,) = list_documents(only.only, offset=0, uow=uow)[0]
        sheet = load_sheet(line.id, uow=uow)
    assert [(entry.who, entry.what.partition(".")[0]) for entry in sheet.history] == [
        ("Backfile", "Sent to a technician"),
        ("ada (technician)", "Patient confirmed"),
        ("ben (supervisor)", "The decision before was undone; it is now: waits for a technician"),
        ("ada (technician)", "Patient confirmed"),
    ]
    assert sheet.verified
    assert sheet.patient is not None
    assert str(sheet.patient.name) == "Marsh-Doe, Odette"
    seen = str(build_facts(sheet, now=NOW, sees_files=True))
    assert "scan.pdf, page 1" in seen
    assert "03/02/1998" in seen
    assert "scan.pdf" not in str(build_facts(sheet, now=NOW, sees_files=False))


@pytest.mark.parametrize(
    ("numbers", "words"),
    [([7], "page 7"), ([1, 2, 3], "pages 1 to 3"), ([3, 1, 2, 8], "pages 1 to 3, 8"), ([1, 3], "pages 1, 3")],
)
def test_page_numbers_in_words(numbers: list[int], words: str) -> None:
    assert write_pages(numbers) == words


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 60)), max_size=12))
def test_minutes_of_work_count_each_minute_once(stretches: list[tuple[int, int]]) -> None:
    spans = sorted(
        (NOW + dt.timedelta(minutes=begin), NOW + dt.timedelta(minutes=begin + length))
        for begin, length in stretches
    )
    covered = {minute for begin, length in stretches for minute in range(begin, begin + length)}
    assert busy_minutes(spans) == pytest.approx(len(covered))


@given(st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2026, 3, 1)))
def test_every_age_lies_in_exactly_one_stretch(naive: dt.datetime) -> None:
    at = naive.replace(tzinfo=dt.UTC)
    spans = ages(NOW, [dt.timedelta(days=days) for days in (1, 3, 7)])
    assert sum(begin <= at < end for begin, end in spans) == 1


def test_a_day_begins_and_ends_at_midnight_here() -> None:
    begin, end = local_day(dt.date(2026, 3, 1))
    assert begin.astimezone().time() == end.astimezone().time() == dt.time()
    assert end.astimezone().date() == dt.date(2026, 3, 2)
