"""Homes and settings: where they are, and what is said when they are not."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from backfile.errors import HomeError, HomeMissing, UsageError
from backfile.home import create_home, open_home, refuse_network_folder, resolve_home
from backfile.settings import Reading, load_settings


def test_a_missing_home_offers_init(tmp_path: Path) -> None:
    with pytest.raises(HomeMissing, match="backfile init"):
        open_home(tmp_path / "nowhere")


def test_a_new_home_is_private_and_opens(tmp_path: Path) -> None:
    home = create_home(tmp_path / "home")
    for folder in home.folders():
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert open_home(home.root) == home


def test_creating_a_home_again_changes_nothing(tmp_path: Path) -> None:
    home = create_home(tmp_path / "home")
    home.settings_file.write_text("workers = 3\n")
    create_home(home.root)
    assert home.settings_file.read_text() == "workers = 3\n"


def test_a_folder_with_other_things_is_refused(tmp_path: Path) -> None:
    (tmp_path / "holiday.jpg").write_bytes(b"x")
    with pytest.raises(HomeError, match="not empty"):
        create_home(tmp_path)


@pytest.mark.parametrize("kind", ["nfs4", "cifs"])
def test_a_network_folder_is_refused(tmp_path: Path, kind: str) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/vda / ext4 rw 0 0\nserver:/x {tmp_path.resolve()} {kind} rw 0 0\n")
    with pytest.raises(HomeError, match=kind):
        refuse_network_folder(tmp_path / "home", mounts=mounts)
    refuse_network_folder(Path("/usr"), mounts=mounts)


def test_the_home_is_found_by_flag_then_environment_then_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BACKFILE_HOME", raising=False)
    assert resolve_home(None) == tmp_path / "backfile-home"
    monkeypatch.setenv("BACKFILE_HOME", str(tmp_path / "b"))
    assert resolve_home(None) == tmp_path / "b"
    assert resolve_home(tmp_path / "a") == tmp_path / "a"


def test_sockets_lie_in_a_private_folder_with_a_short_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    home = create_home(tmp_path / ("deep" * 40) / "home")
    folder = home.run_folder()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    folder.chmod(0o755)
    with pytest.raises(HomeError, match="open to others"):
        home.run_folder()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(home.root))
    with pytest.raises(HomeError, match="too long"):
        home.run_folder()


def test_settings_flag_before_environment_before_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = create_home(tmp_path / "home")
    home.settings_file.write_text('reading = "fast"\nworkers = 3\nfacility = ["General", "GH"]\n')
    monkeypatch.setenv("BACKFILE_WORKERS", "5")
    settings = load_settings(home.root, reading="best")
    assert (settings.reading, settings.workers, settings.facility) == (Reading.BEST, 5, ("General", "GH"))
    assert load_settings(home.root, workers=7).workers == 7


def test_lists_in_the_environment_are_parted_by_semicolons(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BACKFILE_INBOX", "/a; /b")
    assert load_settings(None).inbox == (Path("/a"), Path("/b"))


@pytest.mark.parametrize(
    ("text", "named"),
    [("ui_port = 99999\n", "ui_port"), ("no_such = 1\n", "no_such"), ("reading = 'slow'\n", "reading")],
)
def test_a_wrong_setting_is_named(tmp_path: Path, text: str, named: str) -> None:
    home = create_home(tmp_path / "home")
    home.settings_file.write_text(text)
    with pytest.raises(UsageError, match=named):
        load_settings(home.root)


def test_a_broken_settings_file_is_named(tmp_path: Path) -> None:
    home = create_home(tmp_path / "home")
    home.settings_file.write_text("= =\n")
    with pytest.raises(UsageError, match="not valid TOML"):
        load_settings(home.root)
