"""Prints the scorecard of understanding."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from backfile.domain.document import FieldName
from benchmarks.understanding_cuts import CutCount, sum_cuts
from benchmarks.understanding_hard import HardOutcome
from benchmarks.understanding_score import IDENTITY, Judged, Trap, Verdict
from benchmarks.understanding_types import MUST_NOT_MISS, TypedDocument, measure_recall, measure_types
from samples.hard_cases import HardCase

_GRADES = ("born_digital", "clean", "fair", "poor")
_READABLE = {"clean", "fair"}


@dataclass(frozen=True, slots=True)
class RivalFigures:
    """What plain ways give on the same documents."""

    types: tuple[TypedDocument, ...]
    patterns: tuple[Judged, ...]
    presidio: tuple[Judged, ...]


def print_scorecard(
    documents: Sequence[Judged],
    cuts: Sequence[tuple[str, CutCount]],
    hard: Sequence[HardOutcome],
    *,
    rivals: RivalFigures | None,
) -> None:
    """Print everything that was measured."""
    _print_types(documents, rivals)
    _print_fields("Fields", documents)
    _print_triples(documents)
    if rivals is not None:
        _print_fields("Fields by regular expressions", rivals.patterns, IDENTITY)
        _print_fields("Fields by Presidio", rivals.presidio, IDENTITY[1:])
    _print_cuts(cuts)
    _print_traps(documents)
    _print_hard(hard)


def _typed(documents: Sequence[Judged]) -> list[TypedDocument]:
    return [TypedDocument(d.document.type, d.type, d.probability) for d in documents]


def _print_types(documents: Sequence[Judged], rivals: RivalFigures | None) -> None:
    print("\nTypes            documents  accuracy (mix)  (even)  macro-F1    ECE  named at 99 %  unknown")
    rows = [("all", _typed(documents))]
    rows += [(grade, _typed([d for d in documents if d.grade == grade])) for grade in _GRADES]
    rows.append(("without a title", _typed([d for d in documents if not d.has_title])))
    if rivals is not None:
        rows.append(("TF-IDF", list(rivals.types)))
        pairs = zip(rivals.types, documents, strict=True)
        rows.append(("TF-IDF, no title", [t for t, d in pairs if not d.has_title]))
    for name, own in rows:
        f = measure_types(own)
        print(
            f"{name:16} {f.documents:9}  {f.accuracy:14.1%}  {f.even_accuracy:6.1%}  {f.macro_f1:8.3f}  "
            f"{f.calibration_error:5.3f}  {f.coverage:13.1%}  {f.unknown:7.1%}"
        )
    recalls = [(name, measure_recall(_typed(documents), name)) for name in MUST_NOT_MISS]
    print("recall           " + ", ".join(f"{name} {hits} of {all_}" for name, (hits, all_) in recalls))


def _print_fields(
    title: str, documents: Sequence[Judged], names: Sequence[FieldName] = tuple(FieldName)
) -> None:
    print(f"\n{title:31} printed  right  clean+fair   poor  missed  wrong  sure, wrong  invented of others")
    for name in names:
        own = [d for d in documents if d.verdicts[name] not in (Verdict.ABSENT, Verdict.INVENTED)]
        rest = [d for d in documents if d.verdicts[name] in (Verdict.ABSENT, Verdict.INVENTED)]
        readable = [d for d in own if d.grade in _READABLE]
        poor = [d for d in own if d.grade == "poor"]
        print(
            f"{name.value:31} {len(own):7}  {_share(own, name, Verdict.RIGHT):5.1%}  "
            f"{_share(readable, name, Verdict.RIGHT):10.1%}  {_share(poor, name, Verdict.RIGHT):5.1%}  "
            f"{_share(own, name, Verdict.MISSED):6.1%}  {_share(own, name, Verdict.WRONG):5.1%}  "
            f"{sum(name in d.sure_wrong for d in documents):11}  "
            f"{sum(d.verdicts[name] is Verdict.INVENTED for d in rest):8} of {len(rest)}"
        )


def _share(documents: Sequence[Judged], name: FieldName, verdict: Verdict) -> float:
    return sum(d.verdicts[name] is verdict for d in documents) / len(documents) if documents else 0.0


def _print_triples(documents: Sequence[Judged]) -> None:
    print(
        "\nName, birth date and MRN all right    documents  right or rightly absent  of those with all three"
    )
    groups: list[tuple[str, Callable[[Judged], bool]]] = [("all", lambda _: True)]
    groups += [(grade, lambda d, grade=grade: d.grade == grade) for grade in _GRADES]  # type: ignore[misc]
    groups.append(("clean and fair", lambda d: d.grade in _READABLE))
    for name, holds in groups:
        own = [d for d in documents if holds(d)]
        full = [d for d in own if d.bears_all_three]
        right = sum(d.all_three for d in own) / len(own) if own else 0.0
        of_full = sum(d.all_three for d in full) / len(full) if full else 0.0
        print(f"{name:37} {len(own):9}  {right:23.1%}  {of_full:14.1%} of {len(full)}")


def _print_cuts(cuts: Sequence[tuple[str, CutCount]]) -> None:
    print("\nBoundaries       files  boundaries     F1  files all right  two patients joined")
    rows = [("all", [count for _, count in cuts])]
    rows += [(grade, [count for own, count in cuts if own == grade]) for grade in _GRADES]
    for name, counts in rows:
        c = sum_cuts(counts)
        share = c.files_right / c.files if c.files else 0.0
        print(f"{name:16} {c.files:5}  {c.true:10}  {c.f1:5.3f}  {share:15.1%}  {c.people_joined:19}")


def _print_traps(documents: Sequence[Judged]) -> None:
    print("\nTaken for the patient's                          documents  taken  sure and taken")
    for trap in Trap:
        own = [d for d in documents if trap in d.traps]
        taken = [d for d in own if d.traps[trap]]
        name = {Trap.OTHER_DATE: IDENTITY[1], Trap.OTHER_NUMBER: IDENTITY[2]}.get(trap, IDENTITY[0])
        print(f"{trap.value:48} {len(own):9}  {len(taken):5}  {sum(name in d.sure_wrong for d in taken):14}")


def _print_hard(hard: Sequence[HardOutcome]) -> None:
    print("\nPages that mislead   pages  right  harmful")
    for case in HardCase:
        own = [outcome for outcome in hard if outcome.case is case]
        if own:
            right, harmful = sum(o.is_right for o in own), sum(o.is_harmful for o in own)
            print(f"{case.value:20} {len(own):5}  {right:5}  {harmful:7}")
