"""Kinds of filing that an error stops, what checks show, charts looked at again, stray pages named."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from backfile.domain.document import DocumentState
from backfile.domain.patient import Patient
from backfile.domain.reasons import Reason
from backfile.domain.records import StoredDocument
from backfile.domain.unaided import Unaided, Verdict
from backfile.errors import ExitCode, UsageError
from backfile.services.decide import confirm_patient, undo_decision
from backfile.services.unaided import NOTICE, answer_check, lift_stratum
from ingest.check_chart import check_charts
from ingest.cli.main import main
from ingest.cli.patients import import_index
from ingest.rematch import rematch_waiting
from ingest.workshop import Workshop, prepare_workshop
from tests.ingest.charts import WORN, put_document, put_documents
from tests.matching.builders import JANE, page, patient

BORN, NAME, MRN = "1961-04-18", "Harlow, Jane", "00482913"
AMOS = patient("amos", "Blackwood, Amos", "00777777", "1950-01-02")
KIND = "mrn_and_birth_date/clean"


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return _open(tmp_path, JANE, AMOS)


def _open(folder: Path, *people: Patient, **flags: Any) -> Workshop:
    workshop = prepare_workshop(folder / "home", **flags)
    with workshop.catalog.begin() as uow:
        uow.patients.add(*people)
        uow.commit()
    return workshop


def _get(workshop: Workshop, document: StoredDocument) -> StoredDocument:
    with workshop.catalog.look() as uow:
        found = uow.documents.get(document.id)
    assert found is not None
    return found


def _confirm(workshop: Workshop, document: StoredDocument, patient: Patient) -> str:
    now = _get(workshop, document)
    return confirm_patient(
        document.id, patient.id, version=now.version, catalog=workshop.catalog, actor="tina"
    ).id


def _stopped(workshop: Workshop) -> list[str]:
    with workshop.catalog.look() as uow:
        return [one.stratum for one in uow.unaided.stopped()]


def _run(workshop: Workshop, *arguments: str) -> int:
    return main([*arguments, "--home", str(workshop.home.root)])


# --- strata ---------------------------------------------------------------------------------------------


def test_an_error_stops_its_kind_until_it_is_lifted(workshop: Workshop) -> None:
    wrong = put_document(workshop, page(mrn=MRN, born=BORN))
    assert (wrong.state, wrong.match and wrong.match.stratum) == (DocumentState.FILED, KIND)
    _confirm(workshop, wrong, AMOS)
    assert _stopped(workshop) == [KIND]
    held = put_document(workshop, page(mrn=MRN, born=BORN))
    assert (held.state, held.reason, held.patient_id) == (DocumentState.REVIEW, Reason.STRATUM_STOPPED, None)
    # Other kinds go on: worn scans, and another set of identifiers.
    assert put_document(workshop, page(mrn=MRN, born=BORN), scan=WORN).state is DocumentState.FILED
    assert put_document(workshop, page(mrn=MRN, name=NAME)).state is DocumentState.FILED
    with workshop.catalog.look() as uow:
        (text,) = [text for name, text in uow.notices.all().items() if name == NOTICE]
        actions = [one.event.action.value for one in uow.audit.all()]
    assert "on clean scans: MRN and birth date agree" in text
    assert "stratum_stopped" in actions
    lift_stratum(KIND, catalog=workshop.catalog, actor="alma")
    assert put_document(workshop, page(mrn=MRN, born=BORN)).state is DocumentState.FILED
    with workshop.catalog.look() as uow:
        assert NOTICE not in uow.notices.all()
        assert [e.event.actor for e in uow.audit.all() if e.event.action == "stratum_lifted"] == ["alma"]
    with pytest.raises(UsageError):
        lift_stratum(KIND, catalog=workshop.catalog, actor="alma")


def test_held_documents_are_filed_when_the_stop_is_lifted_and_matching_runs(workshop: Workshop) -> None:
    _confirm(workshop, put_document(workshop, page(mrn=MRN, born=BORN)), AMOS)
    held = put_document(workshop, page(mrn="00777777", born="1950-01-02"))
    lift_stratum(KIND, catalog=workshop.catalog, actor="alma")
    assert rematch_waiting(workshop) == 1
    assert _get(workshop, held).state is DocumentState.FILED


def test_confirming_the_same_patient_is_a_check_that_went_well(workshop: Workshop) -> None:
    document = put_document(workshop, page(mrn=MRN, born=BORN))
    _confirm(workshop, document, JANE)
    with workshop.catalog.look() as uow:
        count = uow.unaided.count(KIND)
    assert (count.filed, count.checked, count.wrong, _stopped(workshop)) == (1, 1, 0, [])


def test_a_move_that_is_taken_back_is_no_error_any_more_but_the_stop_stays(workshop: Workshop) -> None:
    document = put_document(workshop, page(mrn=MRN, born=BORN))
    undo_decision(_confirm(workshop, document, AMOS), catalog=workshop.catalog, actor="tina")
    with workshop.catalog.look() as uow:
        assert uow.unaided.count(KIND).wrong == 0
    assert _stopped(workshop) == [KIND]  # an administrator looks at it


def test_a_filing_that_was_undone_and_moved_is_an_error_too(workshop: Workshop) -> None:
    document = put_document(workshop, page(mrn=MRN, born=BORN))
    with workshop.catalog.look() as uow:
        (decision,) = uow.documents.decisions_of(document.id)
    undo_decision(decision.id, catalog=workshop.catalog, actor="tina")
    _confirm(workshop, document, AMOS)
    assert _stopped(workshop) == [KIND]


def test_moving_to_the_survivor_of_a_merge_is_no_error(tmp_path: Path) -> None:
    old = replace(patient("old", "Harlow, Jane", "00111111"), merged_into=JANE.id)
    workshop = _open(tmp_path, JANE, old)
    document = put_document(workshop, page(mrn="00111111", born=BORN))
    assert document.patient_id == JANE.id
    _confirm(workshop, document, old)
    assert _stopped(workshop) == []


def test_where_checks_must_show_it_a_new_home_files_nothing(tmp_path: Path) -> None:
    workshop = _open(tmp_path, JANE, AMOS, unaided="checked", risk=0.01)
    assert workshop.settings.unaided is Unaided.CHECKED
    first = put_document(workshop, page(mrn=MRN, born=BORN))
    assert (first.state, first.reason) == (DocumentState.REVIEW, Reason.NOT_SHOWN_YET)
    _confirm(workshop, first, JANE)
    for count in (297, 1):  # 299 without an error show 1 %
        last = put_document(workshop, page(mrn=MRN, born=BORN))
        assert last.reason is Reason.NOT_SHOWN_YET
        more = put_documents(workshop, count, page(mrn=MRN, born=BORN))
        with workshop.catalog.begin() as uow:
            for document in more:
                uow.unaided.judge(document.id, Verdict.RIGHT, at=uow.clock.now(), by="tina")
            uow.commit()
    assert put_document(workshop, page(mrn=MRN, born=BORN)).state is DocumentState.FILED
    assert put_document(workshop, page(mrn=MRN, name=NAME)).reason is Reason.NOT_SHOWN_YET


def test_status_says_which_bound_is_in_force(
    workshop: Workshop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _confirm(workshop, put_document(workshop, page(mrn=MRN, born=BORN)), AMOS)
    _run(workshop, "status", "--json")
    unaided = json.loads(capsys.readouterr().out)["unaided"]
    assert (unaided["mode"], unaided["checked"], unaided["wrong"]) == ("declared", 1, 1)
    assert unaided["stopped"] == [KIND]
    assert "declared risk of 0.0100%" in unaided["in_force"]
    _run(workshop, "status")
    said = capsys.readouterr().out
    assert unaided["in_force"] in said
    assert "! Stopped" in said
    assert _run(workshop, "strata", "--lift", KIND, "--json") == ExitCode.DONE
    (line,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert (line["name"], line["wrong"], line["stopped"]) == (KIND, 1, False)


# --- blind checks ---------------------------------------------------------------------------------------


def test_a_small_share_is_drawn_and_a_wrong_one_stops_its_kind(workshop: Workshop) -> None:
    documents = put_documents(workshop, 400, page(mrn=MRN, born=BORN))
    with workshop.catalog.look() as uow:
        drawn = uow.unaided.to_check(limit=100)
    assert 0 < len(drawn) < 25  # 1 in 64; by chance outside once in 10,000 runs
    right, *_ = drawn
    assert answer_check(right.document_id, JANE.id, catalog=workshop.catalog, actor="q") is Verdict.RIGHT
    any_other = next(d for d in documents if d.id != right.document_id)
    assert answer_check(any_other.id, None, catalog=workshop.catalog, actor="q") is Verdict.WRONG
    assert _stopped(workshop) == [KIND]
    now = _get(workshop, any_other)
    assert (now.state, now.reason) == (DocumentState.REVIEW, Reason.CHECK_DIFFERS)
    with pytest.raises(UsageError):
        answer_check(any_other.id, JANE.id, catalog=workshop.catalog, actor="q")
    rematch_waiting(workshop)
    assert _get(workshop, any_other).state is DocumentState.REVIEW  # never filed again unaided


def test_what_is_to_check_is_listed_without_its_patient(
    workshop: Workshop, capsys: pytest.CaptureFixture[str]
) -> None:
    put_documents(workshop, 400, page(mrn=MRN, born=BORN))
    _run(workshop, "check-filings", "--json")
    out = capsys.readouterr().out
    assert JANE.id not in out
    assert MRN not in out
    first = json.loads(out.splitlines()[0])
    assert first["pages"] == [{"file": "chart.pdf", "number": 1}]
    assert _run(workshop, "check-filings", first["document"], "--mrn", MRN, "--json") == ExitCode.DONE
    assert json.loads(capsys.readouterr().out)["verdict"] == "right"
    assert _run(workshop, "check-filings", first["document"]) == ExitCode.WRONG_USE
    assert _run(workshop, "check-filings", first["document"], "--mrn", "5") == ExitCode.WRONG_USE


# --- the index changes under what is filed --------------------------------------------------------------

HEADER = "mrn,last_name,first_name,birth_date,merged_into\n"
ROWS = "00482913,Harlow,Jane,1961-04-18,\n00777777,Blackwood,Amos,1950-01-02,\n"


def _import(workshop: Workshop, rows: str) -> None:
    file = workshop.home.root / "patients.csv"
    file.write_text(HEADER + rows, encoding="utf-8")
    import_index(file, workshop=workshop, actor="alma")


@pytest.fixture
def imported(tmp_path: Path) -> Workshop:
    workshop = prepare_workshop(tmp_path / "home")
    _import(workshop, ROWS)
    return workshop


def test_a_corrected_birth_date_opens_what_rested_on_it(imported: Workshop) -> None:
    touched = put_document(imported, page(mrn=MRN, born=BORN))
    other = put_document(imported, page(mrn="00777777", born="1950-01-02"))
    _import(imported, ROWS.replace("1961-04-18", "1961-04-19"))
    now = _get(imported, touched)
    assert (now.state, now.reason, now.patient_id) == (DocumentState.REVIEW, Reason.CONFLICT_BIRTH_DATE, None)
    assert _get(imported, other).version == other.version
    with imported.catalog.look() as uow:
        history = uow.documents.history_of(touched.id)
    assert history[0].after.patient == touched.patient_id  # lineage
    assert history[1].before is not None
    assert history[1].before.patient == touched.patient_id


def test_an_update_that_changes_nothing_of_weight_opens_nothing(imported: Workshop) -> None:
    document = put_document(imported, page(mrn=MRN, born=BORN))
    file = imported.home.root / "more.csv"
    file.write_text("mrn,last_name,first_name,birth_date,phone\n00482913,Harlow,Jane,1961-04-18,5035550144\n")
    import_index(file, workshop=imported, actor="alma")
    assert _get(imported, document).version == document.version


def test_a_merge_opens_nothing_that_still_holds_and_parting_gives_each_its_own(imported: Workshop) -> None:
    rows = ROWS + "00111111,Harlow,Jane,1961-04-18,00482913\n"
    before = put_document(imported, page(mrn=MRN, born=BORN))
    _import(imported, rows)
    assert _get(imported, before).state is DocumentState.FILED
    machine = put_document(imported, page(mrn="00111111", born=BORN))
    person = put_document(imported, page(name=NAME))
    with imported.catalog.look() as uow:
        (jane,) = uow.patients.find_by_number(MRN)
    assert machine.patient_id == jane.id
    _confirm(imported, person, jane)
    _import(imported, rows.replace(",00482913\n", ",\n").replace("111111,Harlow,Jane", "111111,Harlow,Janet"))
    assert _get(imported, machine).state is DocumentState.REVIEW
    assert _get(imported, person).reason is Reason.INDEX_CHANGED
    rematch_waiting(imported)
    assert _get(imported, machine).state is DocumentState.REVIEW
    assert _get(imported, before).patient_id in (jane.id, None)


def test_a_number_given_to_somebody_else_opens_what_rested_on_it(imported: Workshop) -> None:
    document = put_document(imported, page(mrn=MRN, born=BORN))
    _import(imported, "00482913,Quill,Basil,1944-01-30,\n")
    now = _get(imported, document)
    assert (now.state, now.reason) == (DocumentState.REVIEW, Reason.NUMBER_SUSPECT)


# --- check-chart ----------------------------------------------------------------------------------------


def test_stray_pages_are_named_and_nothing_is_changed(
    workshop: Workshop, capsys: pytest.CaptureFixture[str]
) -> None:
    sound = put_document(workshop, page(mrn=MRN, born=BORN), page(name=NAME))
    mixed = put_document(workshop, page(mrn=MRN, born=BORN), page(mrn="00777777", name="Blackwood, Amos"))
    assert mixed.state is DocumentState.REVIEW
    _confirm(workshop, mixed, JANE)
    assert _run(workshop, "check-chart", MRN, "--json") == ExitCode.DONE
    (line,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert (line["document"], line["page"], line["mrn"]) == (mixed.id, 2, MRN)
    assert (line["reason"], line["confirmed"], line["file_page"]) == ("conflict_mrn", True, 2)
    assert line["reason_text"] == "The MRN differs from the patient's."
    assert _get(workshop, mixed).state is DocumentState.FILED
    assert _run(workshop, "check-chart", "00777777") == ExitCode.DONE
    assert "Looked at 0 documents, 0 pages: 0 stray pages" in capsys.readouterr().out
    assert _get(workshop, sound).version == sound.version


def test_strays_go_to_review_where_that_is_asked(workshop: Workshop) -> None:
    mixed = put_document(workshop, page(mrn=MRN, born=BORN), page(mrn="00777777", name="Blackwood, Amos"))
    _confirm(workshop, mixed, JANE)
    result = check_charts(workshop, [], actor="sue", send_to_review=True)
    assert (result.documents, len(result.strays), result.reviewed) == (1, 1, 1)
    now = _get(workshop, mixed)
    assert (now.state, now.reason) == (DocumentState.REVIEW, Reason.CONFLICT_MRN)
    with workshop.catalog.look() as uow:
        assert uow.counts.summarize().is_balanced
        assert [e.event.actor for e in uow.audit.all() if e.event.action == "chart_checked"] == ["sue"]


def test_an_unbound_page_is_a_stray_only_where_no_person_looked(workshop: Workshop) -> None:
    """The rules file no such page; an index that changed since may leave one."""
    document = put_document(workshop, page(mrn=MRN, born=BORN), page(name=NAME))
    with workshop.catalog.begin() as uow:
        second = uow.pages.of_document(document.id)[1]
        uow.pages.save_evidence(second.id, page(sex="F"))
        uow.commit()
    found = check_charts(workshop, [MRN], actor="sue")
    assert [(one.page, one.reason) for one in found.strays] == [(2, Reason.PAGE_UNBOUND)]
    _confirm(workshop, document, JANE)
    assert check_charts(workshop, [MRN], actor="sue").strays == ()


def test_what_to_look_at_must_be_said(workshop: Workshop) -> None:
    assert _run(workshop, "check-chart") == ExitCode.WRONG_USE
    assert _run(workshop, "check-chart", MRN, "--all") == ExitCode.WRONG_USE
    assert _run(workshop, "check-chart", "no-such") == ExitCode.WRONG_USE
