"""Nothing of a patient enters a log or Redis."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.conftest import Installation, Service
from tests.e2e.pages import note, write_chart

pytestmark = pytest.mark.server

PLANTED = (
    "Quackenbush",
    "QUACKENBUSH",
    "Ethelinda",
    "ETHELINDA",
    "7730042",
    "1931-04-05",
    "04/05/1931",
    "zebra",
)


def test_no_planted_text_in_logs_or_redis(
    installation: Installation, start_service: Callable[..., Service], tmp_path: Path
) -> None:
    index = tmp_path / "patients.csv"
    index.write_text("mrn,last_name,first_name,birth_date\n7730042,Quackenbush,Ethelinda,1931-04-05\n")
    installation.run("patients", "import", index)
    markers = tmp_path / "markers"
    markers.mkdir()
    # Some attempts fail on the way, so that error paths write their logs too.
    service = start_service(
        BACKFILE_FAULT="read_page.saving:1:eio,assemble.saving:1:eio,read_page.read:2:kill",
        BACKFILE_FAULT_MARKERS=str(markers),
        BACKFILE_VERBOSE="1",
    )
    page = ["Patient: QUACKENBUSH, ETHELINDA", "MRN: 7730042   DOB: 04/05/1931", *note(1)[3:]]
    write_chart(installation.home / "inbox" / "QUACKENBUSH 7730042.tif", [page, note(2)])
    (installation.home / "inbox" / "Ethelinda broken.pdf").write_bytes(
        b"%PDF-1.4 Ethelinda\nstartxref\n9\n%%EOF\n"
    )
    service.wait_for_files(2)
    assert len(list(markers.glob("*.eio")) + list(markers.glob("*.kill"))) == 3
    logs = sorted((installation.home / "logs").iterdir())
    assert logs
    spilled = {
        (path.name, word)
        for path in [*logs, *(p for p in (installation.home / "redis").rglob("*") if p.is_file())]
        for word in PLANTED
        if word.encode() in path.read_bytes()
    }
    assert spilled == set()
    names = [path.name for path in logs]
    assert not any(word in name for name in names for word in PLANTED)
