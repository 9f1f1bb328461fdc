"""What is tantivy's own: locks, other processes, kills, damage, growth."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
import tantivy

from backfile.errors import Busy, IndexUnusable, ServerDown, UsageError
from backfile.ports import IndexFilter
from search.engine import HeldDocument, IndexedDocument
from search.query import parse_query
from search.tantivy_engine import TantivyEngine
from search.tantivy_files import META, WRITER_LOCK
from tests.search.corpus import make_corpus, make_document, make_page
from tests.search.writer_process import DOCUMENTS, PAGES

ROOT = Path(__file__).parents[2]
EVERYTHING = IndexFilter()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An index that holds one document."""
    with closing(TantivyEngine(tmp_path / "index")) as engine:
        engine.clear()
        engine.put_documents([make_document("first", "fever and chills " * 20, "cough")])
        engine.commit()
    return tmp_path / "index"


@contextmanager
def closing(engine: TantivyEngine) -> Iterator[TantivyEngine]:
    try:
        yield engine
    finally:
        engine.close()


@contextmanager
def writer_process(folder: Path, mode: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.search.writer_process", str(folder), mode]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        try:
            yield process
        finally:
            process.kill()


def next_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, "the writer ended"
    return line.strip()


def total(engine: TantivyEngine, text: str) -> int:
    return engine.search(parse_query(text), only=EVERYTHING, limit=1).total


def folder_size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir())


# locks and other processes


def test_a_second_writer_is_busy_and_may_still_read(folder: Path) -> None:
    with writer_process(folder, "hold") as process:
        assert next_line(process) == "held"
        with closing(TantivyEngine(folder)) as second:
            put = partial(second.put_documents, [make_document("x", "fever")])
            for write in (put, second.commit, second.clear):
                with pytest.raises(Busy):
                    write()
            assert total(second, "fever") == 1
            assert total(second, "common") == 1


def test_a_second_writer_in_this_process_is_busy_too(folder: Path) -> None:
    with closing(TantivyEngine(folder)) as one, closing(TantivyEngine(folder)) as two:
        one.put_documents([make_document("x", "fever")])
        with pytest.raises(Busy):
            two.put_documents([make_document("y", "fever")])
        one.close()
        two.put_documents([make_document("y", "fever")])
        two.commit()
        assert total(one, "fever") == 2


def test_a_reader_sees_each_commit_of_another_process_at_once(folder: Path) -> None:
    with closing(TantivyEngine(folder)) as reader:
        assert total(reader, "common") == 0
        with writer_process(folder, "add") as process:
            seen = 0
            for _ in range(20):
                said = int(next_line(process))
                found = total(reader, "common")
                assert found >= max(said, seen)
                seen = found


def test_a_reader_sees_an_index_begun_anew(folder: Path) -> None:
    with closing(TantivyEngine(folder)) as reader, closing(TantivyEngine(folder)) as writer:
        assert total(reader, "fever") == 1
        writer.clear()
        assert total(reader, "fever") == 0
        writer.put_documents([make_document("new", "fever", "fever")])
        writer.commit()
        assert total(reader, "fever") == 2


def test_writers_in_turn_do_not_undo_each_other(folder: Path) -> None:
    engines = [TantivyEngine(folder) for _ in range(3)]
    for round_ in range(4):
        for number, engine in enumerate(engines):
            assert total(engine, "fever OR rigors") > 0  # opened before the others wrote
            engine.put_documents([make_document(f"doc{round_}{number}", "rigors")])
            engine.commit()
            engine.close()
    assert total(engines[0], "rigors") == 12
    engines[0].check(deep=True)
    engines[0].close()


def test_threads_search_while_one_writes(folder: Path) -> None:
    def watch(_: int) -> list[int]:
        return [total(engine, "fever OR rigors") for _ in range(60)]

    with closing(TantivyEngine(folder)) as engine, ThreadPoolExecutor(4) as pool:
        watching = pool.map(watch, range(4))
        for number in range(15):
            engine.put_documents([make_document(f"doc{number}", "rigors")])
            engine.commit()
        for seen in watching:
            assert seen == sorted(seen)
            assert 1 <= seen[0] <= seen[-1] <= 16
        assert total(engine, "fever OR rigors") == 16


# kills


def test_a_killed_writer_leaves_whole_commits_and_no_lock(folder: Path) -> None:
    rng = random.Random(11)
    for _ in range(10):
        with writer_process(folder, "replace") as process:
            said = int(next_line(process))
            time.sleep(rng.uniform(0, 0.08))
            process.kill()
            rest, _ = process.communicate()
            said = max([said, *map(int, rest.split("\n")[:-1])])
        with closing(TantivyEngine(folder)) as engine:
            engine.check(deep=True)
            held = engine.versions()
            versions = {held[f"doc{number}"] for number in range(DOCUMENTS)}
            assert len(versions) == 1, "a commit was torn"
            version = versions.pop()
            assert version.pages == PAGES
            assert version.version in (said, said + 1)
            assert total(engine, "common") == total(engine, f"version{version.version}") == DOCUMENTS * PAGES
            assert total(engine, "fever") == 1
    with closing(TantivyEngine(folder)) as engine:
        engine.put_documents([make_document("after", "rigors")])
        engine.commit()
        assert total(engine, "rigors") == 1
    assert len(list(folder.iterdir())) < 120, "what the killed writers left behind is not cleaned up"


def test_a_leftover_lock_file_blocks_nobody(folder: Path) -> None:
    (folder / WRITER_LOCK).write_text("4711")
    with closing(TantivyEngine(folder)) as engine:
        engine.put_documents([make_document("x", "rigors")])
        engine.commit()
        assert total(engine, "rigors") == 1


def test_a_full_disk_loses_no_commit_and_writing_goes_on(folder: Path) -> None:
    with writer_process(folder, "fill") as process:
        assert next_line(process) in ("ServerDown", "DiskFull")
        assert next_line(process) in ("ServerDown", "DiskFull")
        with closing(TantivyEngine(folder)) as reader:
            assert total(reader, "fever") >= 1
        assert next_line(process) == "written"
        process.wait(timeout=60)
    with closing(TantivyEngine(folder)) as engine:
        engine.check(deep=True)
        assert len(engine.versions()) == 501


# damage


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _scramble(path: Path) -> None:
    path.write_bytes(os.urandom(max(16, path.stat().st_size)))


@pytest.mark.parametrize("damage", [_truncate, _scramble, Path.unlink])
@pytest.mark.parametrize("suffix", [".idx", ".pos", ".term", ".store", ".fast", ".fieldnorm", META])
def test_a_damaged_index_is_an_error_and_can_be_begun_anew(
    folder: Path, suffix: str, damage: Callable[[Path], None]
) -> None:
    for path in list(folder.iterdir()):
        if path.name.endswith(suffix):
            damage(path)
    with closing(TantivyEngine(folder)) as engine:
        with pytest.raises(IndexUnusable):
            total(engine, "fever")
        with pytest.raises(IndexUnusable):
            engine.check()
        with pytest.raises(IndexUnusable):
            engine.put_documents([make_document("x", "fever")])
        engine.clear()
        assert total(engine, "fever") == 0
        engine.put_documents([make_document("x", "fever")])
        engine.commit()
        assert total(engine, "fever") == 1


@pytest.mark.parametrize("suffix", [".idx", ".pos", ".term", ".store", ".fast", ".fieldnorm"])
def test_a_single_flipped_bit_is_found_by_looking_deep(folder: Path, suffix: str) -> None:
    path = next(path for path in folder.iterdir() if path.name.endswith(suffix))
    content = bytearray(path.read_bytes())
    content[0] ^= 1
    path.write_bytes(content)
    with closing(TantivyEngine(folder)) as engine, pytest.raises(IndexUnusable):
        engine.check(deep=True)


def test_a_deep_look_reads_the_committed_deletions_and_no_half_written_ones(folder: Path) -> None:
    with closing(TantivyEngine(folder)) as engine:
        engine.put_documents([make_document("one", "rigors"), make_document("two", "rigors")])
        engine.commit()
        engine.put_documents([make_document("one", "chills")])
        engine.commit()
    (committed,) = folder.glob("*.del")
    segment = committed.name.split(".")[0]
    (folder / f"{segment}.999999.del").write_bytes(b"cut off")
    with closing(TantivyEngine(folder)) as engine:
        engine.check(deep=True)
    _scramble(committed)
    with closing(TantivyEngine(folder)) as engine, pytest.raises(IndexUnusable):
        engine.check(deep=True)


@pytest.mark.parametrize("there", ["nothing", "empty folder", "file"])
def test_a_missing_index_is_an_error_and_never_an_empty_answer(tmp_path: Path, there: str) -> None:
    folder = tmp_path / "index"
    if there == "empty folder":
        folder.mkdir()
    elif there == "file":
        folder.write_text("no folder")
    with closing(TantivyEngine(folder)) as engine:
        for ask in (
            lambda: total(engine, "fever"),
            lambda: engine.count_pages(only=EVERYTHING),
            engine.versions,
            engine.check,
            lambda: engine.put_documents([make_document("x", "fever")]),
            engine.commit,
        ):
            with pytest.raises(IndexUnusable):
                ask()


def test_an_index_that_vanishes_while_open_is_an_error(folder: Path) -> None:
    with closing(TantivyEngine(folder)) as engine:
        engine.put_documents([make_document("x", "fever")])
        engine.commit()
        shutil.rmtree(folder)
        with pytest.raises(IndexUnusable):
            total(engine, "fever")
        with pytest.raises(IndexUnusable):
            engine.put_documents([make_document("y", "fever")])
        engine.clear()
        assert total(engine, "fever") == 0


def test_an_index_of_another_version_is_refused(tmp_path: Path) -> None:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("tokens_v0", tokenizer_name="whitespace")
    folder = tmp_path / "index"
    folder.mkdir()
    tantivy.Index(builder.build(), path=str(folder))
    with closing(TantivyEngine(folder)) as engine:
        with pytest.raises(IndexUnusable, match="another version"):
            total(engine, "fever")
        engine.clear()
        assert total(engine, "fever") == 0


def test_files_out_of_reach_are_no_reason_to_begin_anew(folder: Path) -> None:
    code = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from backfile.errors import IndexUnusable, ServerDown\n"
        "from search.tantivy_engine import TantivyEngine\n"
        "engine = TantivyEngine(Path(sys.argv[1]))\n"
        "import os\n"
        "used = len(os.listdir('/proc/self/fd'))\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (used - 1, used - 1))\n"
        "try:\n"
        "    engine.check()\n"
        "except ServerDown as error:\n"
        "    sys.exit(11 if isinstance(error, IndexUnusable) else 10)\n"
    )
    command = [sys.executable, "-c", code, str(folder)]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True)
    assert done.returncode == 10, done.stderr


def test_errors_hold_nothing_of_the_query_or_the_pages(folder: Path) -> None:
    _scramble(folder / META)
    with closing(TantivyEngine(folder)) as engine, pytest.raises(ServerDown) as caught:
        total(engine, "whitfield")
    assert "whitfield" not in str(caught.value).lower()
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


# size and speed


def test_putting_the_same_documents_over_and_over_does_not_grow_the_index(tmp_path: Path) -> None:
    corpus = make_corpus(documents=60)
    with closing(TantivyEngine(tmp_path / "index")) as engine:
        engine.clear()
        engine.put_documents(corpus)
        engine.commit()
        once = folder_size(tmp_path / "index")
        for version in range(2, 18):
            engine.put_documents([IndexedDocument(d.id, version, d.pages) for d in corpus])
            engine.commit()
        assert folder_size(tmp_path / "index") < 5 * once
        assert len(list((tmp_path / "index").iterdir())) < 150
        held = engine.versions()
        assert held == {d.id: HeldDocument(17, len(d.pages)) for d in corpus}


def test_ten_thousand_pages_are_counted_to_the_page(tmp_path: Path) -> None:
    words = ["alpha", "beta", "gamma", "delta"]
    expected = dict.fromkeys(words, 0)
    with closing(TantivyEngine(tmp_path / "index")) as engine:
        engine.clear()
        for start in range(0, 10_000, 1000):
            documents = []
            for number in range(start, start + 1000):
                chosen = [word for step, word in enumerate(words) if number % (step + 2) == 0]
                for word in chosen:
                    expected[word] += 1
                page = make_page(f"p{number}", f"d{number}", [*chosen, "page", str(number)])
                documents.append(IndexedDocument(f"d{number}", 1, (page,)))
            engine.put_documents(documents)
            engine.commit()
        assert {word: total(engine, word) for word in words} == expected
        assert total(engine, "page") == 10_000
        assert total(engine, '"page 1234"') == 1
        assert total(engine, "-page") == 0
        answer = engine.search(parse_query("page"), only=EVERYTHING, limit=20_000)
        assert len({hit.page for hit in answer.hits}) == 10_000


def test_a_beginning_in_a_phrase_that_fits_too_much_is_wrong_use(tmp_path: Path) -> None:
    with closing(TantivyEngine(tmp_path / "index")) as engine:
        engine.clear()
        for page in range(4):
            numbers = range(1_000_000 + page * 10_000, 1_000_000 + (page + 1) * 10_000)
            words = [word for number in numbers for word in ("room", str(number))]
            only_page = make_page(f"p{page}", f"d{page}", words)
            engine.put_documents([IndexedDocument(f"d{page}", 1, (only_page,))])
        engine.commit()
        with pytest.raises(UsageError):
            total(engine, '"room 1*"')
        assert total(engine, '"room 100001*"') == 1
        assert total(engine, "1*") == 4


def test_the_folder_is_the_owners_alone(tmp_path: Path) -> None:
    with closing(TantivyEngine(tmp_path / "home" / "index")) as engine:
        engine.clear()
    assert (tmp_path / "home" / "index").stat().st_mode & 0o777 == 0o700
    assert json.loads((tmp_path / "home" / "index" / META).read_text())["segments"] == []
