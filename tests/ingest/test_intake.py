"""Intake: nothing lost, nothing counted twice, whatever happens between its steps."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from backfile.domain.document import FileState
from backfile.domain.page import PageState
from backfile.domain.reasons import Reason
from backfile.home import Home
from backfile.settings import load_settings
from backfile.store.blobs import BlobFolder
from backfile.store.catalog import Catalog
from ingest.collect import collect_files, find_files
from ingest.intake import IncomingFile, TakenFile, source_key, take_file
from ingest.workshop import Workshop


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    home = Home(tmp_path / "home")
    for folder in home.folders():
        folder.mkdir(parents=True)
    catalog = Catalog(f"sqlite:///{home.catalog}")
    catalog.migrate()
    return Workshop(home, load_settings(None), catalog, BlobFolder(home.store))


def write_scan(path: Path, *, pages: int = 1, text: str = "a note") -> Path:
    images = []
    for number in range(pages):
        image = Image.new("L", (300, 200), 255)
        ImageDraw.Draw(image).text((20, 20), f"{text} {number}", fill=0)
        images.append(image)
    path.parent.mkdir(parents=True, exist_ok=True)
    images[0].save(path, save_all=True, append_images=images[1:])
    return path


def drop(workshop: Workshop, path: Path, *, batch: str | None = None) -> TakenFile:
    name = path.relative_to(workshop.home.inbox).as_posix()
    incoming = IncomingFile(path, name, str(workshop.home.inbox), batch)
    return take_file(incoming, workshop=workshop, call_id="run_1", move=True)


def test_a_file_is_stored_recorded_and_then_moved(workshop: Workshop) -> None:
    source = write_scan(workshop.home.inbox / "box" / "scan.tif", pages=3)
    content = source.read_bytes()
    taken = drop(workshop, source, batch="box")
    assert workshop.blobs.path_of(taken.file.sha256).read_bytes() == content
    assert (workshop.home.done / "box" / "scan.tif").read_bytes() == content
    assert not source.exists()
    with workshop.catalog.look() as uow:
        assert len(uow.pages.of_file(taken.file.id)) == 3
        assert len(taken.task_ids) == len(uow.tasks.ready(limit=9)) == 3
        summary = uow.counts.summarize()
        assert (summary.files.working, summary.pages.working, summary.is_balanced) == (1, 3, True)


def test_the_same_bytes_are_linked_and_said_so(workshop: Workshop) -> None:
    first = drop(workshop, write_scan(workshop.home.inbox / "a.tif"))
    second = drop(workshop, write_scan(workshop.home.inbox / "b.tif"))
    assert second.file.state is FileState.DUPLICATE
    assert second.file.duplicate_of == first.file.id
    assert second.task_ids == ()
    assert (workshop.home.done / "b.tif").exists()


def test_bytes_that_ended_in_exception_are_processed_again(workshop: Workshop) -> None:
    first = drop(workshop, write_scan(workshop.home.inbox / "a.tif"))
    with workshop.catalog.begin() as uow:
        (page,) = uow.pages.of_file(first.file.id)
        uow.pages.set_state([page.id], PageState.EXCEPTION, reason=Reason.PAGE_UNREADABLE)
        uow.files.mark_taken(first.file.id, at=uow.clock.now())
        uow.commit()
    second = drop(workshop, write_scan(workshop.home.inbox / "a.tif"))
    assert second.file.state is FileState.WORKING
    # The first copy's place in done/ is taken; the second stands beside it.
    assert len(list(workshop.home.done.iterdir())) == 2


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", Reason.EMPTY_FILE),
        (b"Dear sirs", Reason.NOT_A_DOCUMENT),
        (b"%PDF-1.4\nnothing\n%%EOF\n", Reason.BROKEN_FILE),
    ],
)
def test_a_file_without_pages_is_rejected_in_words(
    workshop: Workshop, content: bytes, reason: Reason
) -> None:
    source = workshop.home.inbox / "odd.pdf"
    source.write_bytes(content)
    taken = drop(workshop, source)
    assert (taken.file.state, taken.file.reason) == (FileState.REJECTED, reason)
    assert (workshop.home.rejected / "odd.pdf").read_bytes() == content
    assert (workshop.home.rejected / "odd.pdf.reason.txt").read_text().endswith(".\n")
    assert workshop.blobs.has(taken.file.sha256)
    with workshop.catalog.look() as uow:
        assert uow.counts.summarize().is_balanced


def test_a_crash_between_commit_and_move_does_not_count_the_file_twice(workshop: Workshop) -> None:
    source = write_scan(workshop.home.inbox / "a.tif")
    kept = source.with_name("kept")
    os.link(source, kept)
    taken = drop(workshop, source)
    # As a crash would leave it: committed, not moved, not marked as moved.
    kept.rename(source)
    (workshop.home.done / "a.tif").unlink()
    with workshop.catalog.begin() as uow:
        uow.files.mark_unmoved(taken.file.id, source_key(source))
        uow.commit()
    again = drop(workshop, source)
    assert again.file.id == taken.file.id
    assert (workshop.home.done / "a.tif").exists()
    with workshop.catalog.look() as uow:
        assert uow.counts.summarize().files.received == 1


def test_ingest_leaves_its_arguments_alone(workshop: Workshop, tmp_path: Path) -> None:
    folder = tmp_path / "charts"
    write_scan(folder / "scan10.tif", text="ten")
    write_scan(folder / "scan2.tif", text="two")
    write_scan(folder / "box" / "deep" / "x.tif", text="x")
    (folder / ".hidden").write_bytes(b"x")
    (folder / "link.tif").symlink_to(folder / "scan2.tif")
    before = sorted((path, path.stat().st_mtime_ns) for path in folder.rglob("*"))
    names = [(incoming.name, incoming.batch) for incoming in find_files([folder])]
    assert sorted(names) == [("box/deep/x.tif", "box/deep"), ("scan10.tif", None), ("scan2.tif", None)]
    assert names.index(("scan2.tif", None)) < names.index(("scan10.tif", None))
    assert collect_files([folder], workshop=workshop, call_id="run_2") == []
    assert sorted((path, path.stat().st_mtime_ns) for path in folder.rglob("*")) == before
    with workshop.catalog.look() as uow:
        assert uow.counts.summarize(call_id="run_2").files.working == 3
        assert uow.counts.summarize(call_id="run_3").files.received == 0


def test_a_file_that_grew_after_it_was_taken_is_tied_to_its_first_copy(workshop: Workshop) -> None:
    first = drop(workshop, write_scan(workshop.home.inbox / "scan.tif", pages=1))
    longer = drop(workshop, write_scan(workshop.home.inbox / "scan.tif", pages=3))
    assert longer.file.supersedes == first.file.id
    other = drop(workshop, write_scan(workshop.home.inbox / "scan.tif", pages=2, text="another"))
    assert other.file.supersedes is None
