# ruff: noqa: E501 - a sentence a line
"""Other languages than English are known as such, and nothing is guessed from them."""

from __future__ import annotations

import pytest

from classify.language import is_other_language
from classify.model import load_model
from classify.training.corpus import make_reading
from samples import FamilySplit, make_page_texts, make_patients
from samples.hard_cases import HardCase, make_hard_chart

_LINES = {
    "Portuguese": "O paciente foi informado sobre os riscos da cirurgia e não tem mais perguntas para a equipe",
    "Italian": "Il paziente è stato informato dei rischi della procedura e non ha altre domande per il medico",
    "Polish": "Pacjent został poinformowany przez lekarza, że zabieg jest bezpieczny oraz nie ma pytań dla zespołu",
    "German, as a reader has it": "Der Patient wurde uber die Risiken aufgeklart und ist mit der Narkose einverstanden",
}


@pytest.mark.parametrize("language", _LINES)
def test_a_few_sentences_are_enough(language: str) -> None:
    assert is_other_language(_LINES[language].split())


@pytest.mark.parametrize(
    "text",
    [
        "Patient Name DE LA CRUZ, MARIA DE LOS ANGELES DOB 03/04/1970 MRN 123456 Seen by Dr. Van der Berg",
        "I and O 0700 K 4.1 Na 138 po prn MAR I O I W",
        "Spanish interpreter used. Patient states no me duele. She was given the form to sign.",
        "",
    ],
)
def test_english_with_foreign_names_is_english(text: str) -> None:
    assert not is_other_language(text.split())


def test_no_english_page_is_taken_for_another_language() -> None:
    for document in make_page_texts(60, seed=8, families=FamilySplit.CALIBRATE):
        for page in document.pages:
            assert not is_other_language(word.text for word in page.words), document.family


def test_the_models_guess_at_nothing_in_another_language() -> None:
    people, model, silent = make_patients(300, seed=4), load_model(), 0
    for seed in range(12):
        made = make_hard_chart(HardCase.OTHER_LANGUAGE, seed, people, families=FamilySplit.CALIBRATE)
        page = make_reading(made.chart.truth.pages[0].words)
        weights = model.weigh_types([page])
        silent += not model.find_spans(page) and max(weights.values()) == min(weights.values())
    assert silent >= 9  # the shortest letters have too few small words
