"""The accounting identity: every file and page that came in is in exactly one place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FileCounts:
    """Files by state; each is its own count over rows."""

    received: int = 0
    taken: int = 0
    duplicate: int = 0
    rejected: int = 0
    working: int = 0

    @property
    def is_balanced(self) -> bool:
        """Nothing is lost, nothing counted twice."""
        return self.received == self.taken + self.duplicate + self.rejected + self.working


@dataclass(frozen=True, slots=True)
class PageCounts:
    """Pages of taken and working files by state; each is its own count over rows."""

    received: int = 0
    filed: int = 0
    review: int = 0
    exception: int = 0
    blank: int = 0
    separator: int = 0
    removed: int = 0
    working: int = 0

    @property
    def is_balanced(self) -> bool:
        """Nothing is lost, nothing counted twice."""
        ended = self.filed + self.review + self.exception + self.blank + self.separator + self.removed
        return self.received == ended + self.working


@dataclass(frozen=True, slots=True)
class DocumentCounts:
    """Documents by state."""

    filed: int = 0
    review: int = 0
    exception: int = 0
    removed: int = 0


@dataclass(frozen=True, slots=True)
class Summary:
    """Where everything is."""

    files: FileCounts
    pages: PageCounts
    documents: DocumentCounts
    pages_declared: int
    """Pages that the files said they have when they were taken."""
    pages_per_minute: float
    stages: dict[str, float]
    """Seconds of work by stage, summed over all workers."""

    @property
    def is_balanced(self) -> bool:
        """Files and pages add up, and every declared page has its row."""
        return (
            self.files.is_balanced and self.pages.is_balanced and self.pages_declared == self.pages.received
        )
