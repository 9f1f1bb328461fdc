"""What a worker loads once, before it forks for each task: the reading engine and the language models."""

from __future__ import annotations

from dataclasses import dataclass

from backfile.settings import Settings
from classify import DocumentReader, load_reader
from classify.matching import FilingRules
from ocr.read import ReadOptions, preload_engine


@dataclass(frozen=True, slots=True)
class Tools:
    """Everything that reading and understanding need besides the catalog."""

    reading: ReadOptions
    reader: DocumentReader
    facility: tuple[str, ...]
    risk: float

    def rules(self) -> FilingRules:
        """Return the filing rules as of today."""
        return FilingRules(facility=self.facility, risk=self.risk)


def load_tools(settings: Settings) -> Tools:
    """Load engine and models, so that every task after a fork finds them in memory."""
    reading = reading_options(settings)
    preload_engine(reading)
    return Tools(reading, load_reader(), settings.facility, settings.risk)


def reading_options(settings: Settings) -> ReadOptions:
    """Return how pages are read under these settings."""
    return ReadOptions(reading=settings.reading, languages=settings.languages)
