"""Scores what a system made of the charts against their truth."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from samples.truth import TrueChart, TrueDocument

_GRADES = ("born_digital", "clean", "fair", "poor")


@dataclass(frozen=True, slots=True)
class ScoredDocument:
    """A document as the system has it."""

    state: str
    """``filed``, ``review``, ``exception`` or ``removed``."""
    mrn: str | None
    """Number of the patient it is filed under; None where it is not filed."""
    type: str
    pages: tuple[tuple[str, int], ...]
    """File name, as ``TrueChart.name`` has it, and page number in that file, from 1."""


@dataclass(frozen=True, slots=True)
class Slice:
    """Counts over some of the true documents."""

    name: str
    documents: int
    """True documents."""
    in_index: int
    """Those whose patient is in the index."""
    filed_right: int
    """Of ``in_index``: all pages filed under the right patient."""
    filed_wrong: int
    """A page of it is filed under somebody it does not belong to."""
    type_right: int


@dataclass(frozen=True, slots=True)
class Score:
    """How good the filing was. Shares are 0..1, and 0 where there was nothing to count."""

    charts: int
    charts_in_index: int
    """Charts with a document whose patient is in the index."""
    filed_right: int
    """Of these: charts of which every such document is filed to the right patient, all its pages."""
    filed_wrong: int
    """Found documents that hold a page filed under a patient to whom it does not belong."""
    documents: int
    documents_in_index: int
    documents_filed_right: int
    types_right: int
    boundaries_right: int
    """Charts that were cut exactly as the truth has it."""
    by_grade: tuple[Slice, ...]
    """By the worst page of a document."""
    by_type: tuple[Slice, ...]

    @property
    def filed_right_share(self) -> float:
        """Share of ``charts_in_index``."""
        return _share(self.filed_right, self.charts_in_index)

    @property
    def documents_filed_right_share(self) -> float:
        """Share of ``documents_in_index``."""
        return _share(self.documents_filed_right, self.documents_in_index)

    @property
    def type_right_share(self) -> float:
        """Share of all true documents."""
        return _share(self.types_right, self.documents)

    @property
    def boundaries_right_share(self) -> float:
        """Share of all charts."""
        return _share(self.boundaries_right, self.charts)

    def as_json(self) -> dict[str, object]:
        """Return everything in flat keys, the slices as lists."""
        return {
            "charts": self.charts,
            "charts_in_index": self.charts_in_index,
            "filed_right": self.filed_right,
            "filed_right_share": round(self.filed_right_share, 4),
            "filed_wrong": self.filed_wrong,
            "documents": self.documents,
            "documents_in_index": self.documents_in_index,
            "documents_filed_right": self.documents_filed_right,
            "documents_filed_right_share": round(self.documents_filed_right_share, 4),
            "type_right_share": round(self.type_right_share, 4),
            "boundaries_right_share": round(self.boundaries_right_share, 4),
            "by_grade": [_slice_json(part) for part in self.by_grade],
            "by_type": [_slice_json(part) for part in self.by_type],
        }


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What became of one true document."""

    type: str
    grade: str
    in_index: bool
    filed_right: bool
    filed_wrong: bool
    type_right: bool


def score_documents(truth: Sequence[TrueChart], documents: Sequence[ScoredDocument]) -> Score:
    """Compare what was made of the charts with their truth.

    A page that is in a removed document counts as not filed. Blank and separator pages belong to
    nobody: they make no cut wrong, wherever they went, and no filing wrong.
    """
    kept = [document for document in documents if document.state != "removed"]
    holders: dict[tuple[str, int], list[ScoredDocument]] = {}
    for document in kept:
        for page in document.pages:
            holders.setdefault(page, []).append(document)
    owners = {
        (chart.name, page): document.mrn
        for chart in truth
        for document in chart.documents
        for page in document.pages
    }
    verdicts = [[_judge(chart, document, holders) for document in chart.documents] for chart in truth]
    every = [verdict for chart in verdicts for verdict in chart]
    known = [chart for chart in verdicts if any(verdict.in_index for verdict in chart)]
    types = sorted({verdict.type for verdict in every})
    return Score(
        charts=len(truth),
        charts_in_index=len(known),
        filed_right=sum(all(v.filed_right for v in chart if v.in_index) for chart in known),
        filed_wrong=sum(_is_filed_wrong(document, owners) for document in kept),
        documents=len(every),
        documents_in_index=sum(v.in_index for v in every),
        documents_filed_right=sum(v.filed_right for v in every),
        types_right=sum(v.type_right for v in every),
        boundaries_right=sum(_is_cut_right(chart, kept) for chart in truth),
        by_grade=_slice(every, _GRADES, lambda v: v.grade),
        by_type=_slice(every, types, lambda v: v.type),
    )


def _judge(
    chart: TrueChart, document: TrueDocument, holders: dict[tuple[str, int], list[ScoredDocument]]
) -> _Verdict:
    pages = [(chart.name, page) for page in document.pages]
    found = [holder for page in pages for holder in holders.get(page, [])]
    filed = [[h for h in holders.get(page, []) if h.state == "filed"] for page in pages]
    right = document.mrn is not None and all(
        holding and all(h.mrn == document.mrn for h in holding) for holding in filed
    )
    counts = {id(holder): sum(other is holder for other in found) for holder in found}
    most = max(counts.values(), default=0)
    largest = [holder for holder in found if counts[id(holder)] == most]
    worst = max((_GRADES.index(p.grade) for p in chart.pages if p.number in document.pages), default=0)
    return _Verdict(
        document.type,
        _GRADES[worst],
        document.mrn is not None,
        right,
        any(h.mrn != document.mrn for holding in filed for h in holding),
        bool(largest) and all(holder.type == document.type for holder in largest),
    )


def _is_filed_wrong(document: ScoredDocument, owners: dict[tuple[str, int], str | None]) -> bool:
    """Say whether somebody else's page is filed in it; a stranger's page is always somebody else's."""
    if document.state != "filed":
        return False
    return any(owners[page] != document.mrn for page in document.pages if page in owners)


def _is_cut_right(chart: TrueChart, documents: Sequence[ScoredDocument]) -> bool:
    """Say whether the chart's pages are in exactly the true groups; blanks and separators left out."""
    counted = {page for document in chart.documents for page in document.pages}
    found = [
        frozenset(number for name, number in document.pages if name == chart.name and number in counted)
        for document in documents
    ]
    wanted = [frozenset(document.pages) for document in chart.documents]
    return sorted(map(sorted, filter(None, found))) == sorted(map(sorted, wanted))


def _slice(
    verdicts: Sequence[_Verdict], names: Iterable[str], key: Callable[[_Verdict], str]
) -> tuple[Slice, ...]:
    slices = []
    for name in names:
        part = [verdict for verdict in verdicts if key(verdict) == name]
        if part:
            slices.append(
                Slice(
                    name,
                    documents=len(part),
                    in_index=sum(v.in_index for v in part),
                    filed_right=sum(v.filed_right for v in part),
                    filed_wrong=sum(v.filed_wrong for v in part),
                    type_right=sum(v.type_right for v in part),
                )
            )
    return tuple(slices)


def _slice_json(part: Slice) -> dict[str, object]:
    return {
        "name": part.name,
        "documents": part.documents,
        "filed_right_share": round(_share(part.filed_right, part.in_index), 4),
        "filed_wrong": part.filed_wrong,
        "type_right_share": round(_share(part.type_right, part.documents), 4),
    }


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
