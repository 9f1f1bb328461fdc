"""One value a field, by vote."""

from __future__ import annotations

import dataclasses

from hypothesis import given
from hypothesis import strategies as st

from backfile.domain.document import FieldName, FieldValue, Sighting, SightingKind
from backfile.domain.evidence import PageEvidence
from classify import choose_fields, find_evidence
from tests.classify.paper import RULES, type_page

BOX = (0.1, 0.1, 0.2, 0.12)


def sighting(kind: SightingKind, value: str, confidence: float = 0.9, page: int = 1) -> Sighting:
    return Sighting(kind, value, value, confidence, page, BOX, labelled=True)


def choose(*pages: list[Sighting]) -> dict[FieldName, FieldValue]:
    evidence = [PageEvidence(number, tuple(seen)) for number, seen in enumerate(pages, 7)]
    return {field.name: field for field in choose_fields(evidence)}


def test_what_more_pages_say_is_chosen_and_the_rest_kept() -> None:
    good, bad = sighting(SightingKind.MRN, "00123456", 0.8), sighting(SightingKind.MRN, "00123466", 0.88)
    chosen = choose([bad], [good], [good])[FieldName.MRN]
    assert chosen.value == "00123456"
    assert chosen.page == 2
    assert [a.value for a in chosen.alternatives] == ["00123466"]
    assert chosen.alternatives[0].page == 1


def test_forms_of_one_name_are_one_and_the_fullest_is_shown() -> None:
    chosen = choose(
        [sighting(SightingKind.PATIENT_NAME, "Smith, John")],
        [sighting(SightingKind.PATIENT_NAME, "SMITH, JOHN ALBERT", 0.85)],
        [sighting(SightingKind.PATIENT_NAME, "Smith, John A")],
    )[FieldName.PATIENT_NAME]
    assert chosen.value == "SMITH, JOHN ALBERT"
    assert chosen.alternatives == ()


def test_father_and_son_are_not_joined() -> None:
    chosen = choose(
        [sighting(SightingKind.PATIENT_NAME, "Smith, John Jr")],
        [sighting(SightingKind.PATIENT_NAME, "Smith, John Sr")],
    )[FieldName.PATIENT_NAME]
    assert len(chosen.alternatives) == 1


def test_relatives_and_other_dates_are_no_fields() -> None:
    fields = choose(
        [sighting(SightingKind.RELATIVE_NAME, "Smith, Mary"), sighting(SightingKind.OTHER_DATE, "2020-01-01")]
    )
    assert fields == {}


def test_disagreement_lowers_confidence() -> None:
    alone = choose([sighting(SightingKind.MRN, "1111111")])[FieldName.MRN]
    contested = choose([sighting(SightingKind.MRN, "1111111"), sighting(SightingKind.MRN, "2222222", 0.85)])[
        FieldName.MRN
    ]
    assert contested.confidence < alone.confidence


def test_page_counts_in_the_document() -> None:
    page = find_evidence(type_page("Patient: SMITH, JOHN\n"), page_number=9, finder=RULES)
    fields = choose_fields([PageEvidence(8, ()), page])
    assert [(f.name, f.page) for f in fields] == [(FieldName.PATIENT_NAME, 2)]


@given(
    st.lists(
        st.tuples(st.sampled_from(["A", "B", "C"]), st.floats(0.01, 1.0), st.integers(1, 4)),
        min_size=1,
        max_size=12,
    )
)
def test_the_choice_is_one_of_what_was_seen_whatever_the_order(seen: list[tuple[str, float, int]]) -> None:
    pages = {
        n: [sighting(SightingKind.ENCOUNTER, v * 5, c, n) for v, c, p in seen if p == n] for n in range(1, 5)
    }
    evidence = [PageEvidence(n, tuple(found)) for n, found in pages.items()]
    backwards = [dataclasses.replace(e, sightings=e.sightings[::-1]) for e in evidence]
    (chosen,), (again,) = choose_fields(evidence), choose_fields(backwards)
    assert chosen.value in {v * 5 for v, _, _ in seen}
    assert 0.0 <= chosen.confidence <= 1.0
    assert {chosen.value, *(a.value for a in chosen.alternatives)} == {v * 5 for v, _, _ in seen}
    assert again.value == chosen.value
