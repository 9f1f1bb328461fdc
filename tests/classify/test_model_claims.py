"""What the language model alone says on paper of other houses is believed only where a page bears it out."""

from __future__ import annotations

import pytest

from backfile.domain.document import Sighting, SightingKind
from backfile.domain.document import SightingKind as K
from backfile.domain.geometry import union_boxes
from classify.layout import PageLayout, lay_out_page
from classify.matching.facts import EXACT_FLOOR
from classify.model_claims import weigh_surroundings
from classify.rules import find_by_rules
from tests.classify.paper import TODAY, type_page


def saw(layout: PageLayout, kind: SightingKind, words: str, value: str) -> Sighting:
    """Return what a model would say of some words of a page."""
    parts = words.split()
    at = next(n for n in range(len(layout.pieces)) if layout.text(n, n + len(parts)) == words)
    box = union_boxes(piece.box for piece in layout.pieces[at : at + len(parts)])
    return Sighting(kind, value, words, 0.93, 1, box)


def weigh(text: str, *seen: tuple[SightingKind, str, str]) -> list[tuple[str, bool]]:
    """Return (value, is sure) of the names and MRNs that are left."""
    layout = lay_out_page(type_page(text))
    rules = find_by_rules(layout, page=1, today=TODAY)
    by_model = [saw(layout, *one) for one in seen]
    left = weigh_surroundings(by_model, rules.sightings, layout, rules.labels)
    return [(s.value, s.confidence >= EXACT_FLOOR) for s in left]


@pytest.mark.parametrize(
    ("text", "seen", "left"),
    [
        ("Board of Assessors\nTown Hall\n", [(K.PATIENT_NAME, "Town Hall", "Hall, Town")], []),
        (
            "Robert Fitch\nsome text\n",
            [(K.PATIENT_NAME, "Robert Fitch", "Fitch, Robert")],
            [("Fitch, Robert", False)],
        ),
        ("Thanks go to Robert Fitch of Radiology\n", [(K.PATIENT_NAME, "Robert Fitch", "Fitch, Robert")], []),
        (
            "Robert Fitch     4471\nSusan Kwan       4472\n",
            [
                (K.PATIENT_NAME, "Robert Fitch", "Fitch, Robert"),
                (K.PATIENT_NAME, "Susan Kwan", "Kwan, Susan"),
            ],
            [],
        ),
        (
            "Robert Fitch     DOB 3/4/1951\n",
            [(K.PATIENT_NAME, "Robert Fitch", "Fitch, Robert")],
            [("Fitch, Robert", True)],
        ),
        ("DOB 3/4/1951     Tel: 4471882\n", [(K.MRN, "4471882", "4471882")], []),
        ("DOB 3/4/1951     Path No. 4471882\n", [(K.MRN, "4471882", "4471882")], []),
        ("medicare\n4471882     DOB 3/4/1951\n", [(K.MRN, "4471882", "4471882")], []),
        ("Rx 4471882 Metformin\n", [(K.MRN, "4471882", "4471882")], []),
        ("DOB 3/4/1951     4471882\n", [(K.MRN, "4471882", "4471882")], [("4471882", True)]),
    ],
)
def test_what_stands_around_speaks_for_or_against_the_model(
    text: str, seen: list[tuple[SightingKind, str, str]], left: list[tuple[str, bool]]
) -> None:
    assert weigh(text, *seen) == left
