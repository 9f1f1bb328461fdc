"""What a worker loads once, before it forks for each task: the reading engine and the language models."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from backfile.services.unaided import UnaidedPolicy
from backfile.settings import Settings
from backfile.store.site_types import SiteTypeFolder
from classify import DocumentReader, load_reader
from classify.matching import FilingRules
from ocr.read import ReadOptions, preload_engine


@dataclass(frozen=True, slots=True)
class Tools:
    """Everything that reading and understanding need besides the catalog."""

    reading: ReadOptions
    reader: DocumentReader
    rules: FilingRules
    policy: UnaidedPolicy = field(default_factory=UnaidedPolicy)


def load_tools(settings: Settings, site: SiteTypeFolder) -> Tools:
    """Load engine and models, so that every task after a fork finds them in memory.

    Args:
        settings: of the installation.
        site: the types that it added; looked at for each document.
    """
    reading = reading_options(settings)
    preload_engine(reading)
    return Tools(reading, load_reader(site.models), filing_rules(settings), unaided_policy(settings))


def reading_options(settings: Settings, *, engine: str | None = None) -> ReadOptions:
    """Return how pages are read under these settings."""
    options = ReadOptions(reading=settings.reading, languages=settings.languages)
    return options if engine is None else replace(options, engine=engine)


def unaided_policy(settings: Settings) -> UnaidedPolicy:
    """Return on whose word documents are filed without a person."""
    return UnaidedPolicy(settings.unaided, settings.risk)


def filing_rules(settings: Settings) -> FilingRules:
    """Return the filing rules under these settings, as of today."""
    return FilingRules(facility=settings.facility, risk=settings.risk)
