"""Settings: flag before environment (``BACKFILE_<NAME>``) before ``backfile.toml`` before default."""

from __future__ import annotations

import os
import tomllib
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from backfile.domain.unaided import Unaided
from backfile.errors import UsageError
from backfile.home import SETTINGS_FILE


class Reading(StrEnum):
    """How much effort goes into reading a page."""

    FAST = "fast"
    BALANCED = "balanced"
    BEST = "best"


class Settings(BaseSettings):
    """Everything a site can set. ``docs/reference.md`` lists each, and a test keeps it so."""

    model_config = SettingsConfigDict(env_prefix="BACKFILE_", extra="forbid", frozen=True)

    catalog_url: str = Field("", description='Database of the catalog; "" is SQLite in the home.')
    redis_url: str = Field("", description='The site\'s Redis; "" is a private one that Backfile starts.')
    search_url: str = Field("", description='The site\'s Elasticsearch; "" is the embedded index.')
    search_user: str = Field("", description="User name at Elasticsearch.")
    search_password: SecretStr = Field(SecretStr(""), description="Password at Elasticsearch.")
    search_api_key: SecretStr = Field(SecretStr(""), description="API key at Elasticsearch.")
    search_ca: str = Field("", description="File with the certificate authority of Elasticsearch.")
    inbox: Annotated[tuple[Path, ...], NoDecode] = Field(
        (), description="Watched folders; unset: the home's inbox."
    )
    settle_seconds: float = Field(
        5.0, ge=0.2, le=3600, description="How long a file must stand still to be taken."
    )
    reading: Reading = Field(Reading.BALANCED, description="Effort of reading: fast, balanced or best.")
    languages: str = Field("eng", description='Languages to read, as Tesseract names them: "eng+spa".')
    workers: int = Field(0, ge=0, le=256, description="Page workers; 0 is one for each core.")
    ui_port: int = Field(8501, ge=1, le=65535, description="Port of the screens.")
    ui_host: str = Field("127.0.0.1", description="Address of the screens.")
    ui_names: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Names under which browsers reach the screens, beside this machine's own."
    )
    facility: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="The site's names and aliases; unset: letterheads are not judged."
    )
    risk: float = Field(
        1e-4, gt=0, le=0.01, description="Highest bearable share of filings under a wrong patient."
    )
    unaided: Unaided = Field(
        Unaided.DECLARED,
        description="Whether documents are filed unaided on the declared risk, or on what checks have shown.",
    )
    join_files: bool = Field(False, description="Whether a document may span the files of one batch folder.")

    @field_validator("inbox", "ui_names", "facility", mode="before")
    @classmethod
    def _split_list(cls, value: object) -> object:
        """Accept "a;b" from the environment or a flag beside a TOML list."""
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(";") if part.strip())
        return value

    @property
    def worker_count(self) -> int:
        """Page workers to start."""
        return self.workers or len(os.sched_getaffinity(0))


def load_settings(root: Path | None, **flags: object) -> Settings:
    """Return the settings of a home (None: of no home), with the command's flags on top.

    Raises:
        UsageError: a setting is unknown or has a bad value; the setting is named, the value is not.
    """
    file = root / SETTINGS_FILE if root else None
    given = {name: value for name, value in flags.items() if value is not None}
    for name, value in _read_toml(file).items():
        if name not in given and f"BACKFILE_{name.upper()}" not in os.environ:
            given[name] = value
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"]) or "?"
        raise UsageError(
            f"The setting {name} is not usable: {first['msg']}.",
            next_step=f"Correct it in {file or 'the environment'} (see docs/reference.md).",
        ) from None


def _read_toml(file: Path | None) -> dict[str, object]:
    """Return what a settings file says; nothing where there is none."""
    if file is None or not file.is_file():
        return {}
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise UsageError(
            f"{file} is not valid TOML.", next_step="Correct it, or move it away to use the defaults."
        ) from None
