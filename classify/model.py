"""The trained language models: what a page's words are, and which type a document has.

Two small spaCy pipelines lie in ``classify/models``: ``identifiers`` marks names, dates and numbers,
``types`` tells the type. Both were trained on synthetic charts only (``classify.training``); their scores
lie beside them. What they find is a second opinion beside the rules, never the sole ground of a filing.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from backfile.domain.document import Sighting, SightingKind, SightingSource, TypeGuess
from backfile.domain.document_types import UNKNOWN
from backfile.domain.geometry import union_boxes
from backfile.domain.normalize import (
    normalize_number,
    normalize_phone,
    normalize_sex,
    normalize_ssn_last4,
    parse_date,
    parse_name,
)
from backfile.domain.page import PageReading, Word
from backfile.errors import HomeError
from classify.language import is_other_language
from classify.model_text import NO_WORD, Token, list_type_words, make_doc, split_page
from classify.type_weights import Keys, TypeWeights

if TYPE_CHECKING:
    from spacy.language import Language

__all__ = ["IDENTIFIERS", "MODELS", "SETTINGS", "TYPES", "Model", "ModelSettings", "load_model", "soften"]

MODELS = Path(__file__).parent / "models"
"""Where the shipped models lie."""
IDENTIFIERS = "identifiers"
TYPES = "types"
SETTINGS = "settings.json"

_MIN_TYPE_WORDS = 5
_MAX_EVIDENCE = 5
_MAX_OCCLUDED = 60
_MIN_DIGITS = 3
"""A number with fewer digits identifies nothing."""

_K = SightingKind


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """What calibration found; written by the training beside the models."""

    temperature: float
    """Divides the logarithms of the type probabilities (Guo et al. 2017, "On Calibration of Modern Neural
    Networks")."""
    threshold: float
    """Probability below which a type is ``unknown``."""
    precision: Mapping[str, float]
    """By kind, the share of right ones among what the model marked on families it had not seen."""


_NARRATIVES = frozenset({
    "consultation", "progress_note", "history_physical", "discharge_summary", "operative_note",
    "emergency_note",
})  # fmt: skip
"""Types that are told, not ticked: a model that knows no such forms takes others for them."""
_TO_FILL_IN = re.compile(r"_{3,}|\[[xX_]?\]?|[☐☒☑]")
_FORM_MARKS = 8
_CONSULTS = re.compile(
    r"\b(?:consult(?:ation|ed|s|ing)?|referr\w+|opinion|evaluat\w+|recommend\w*|asked to see|request\w*)\b",
    re.IGNORECASE,
)
"""What a consultation speaks of: to the model, papers of other houses that it does not know look like one."""
_DOUBT = 3.0
"""Temperature at which the model is heard where the page speaks against it."""


class Model:
    """Both pipelines and what calibrates them."""

    def __init__(self, identifiers: Language, types: Language, settings: ModelSettings) -> None:
        """Take loaded pipelines; ``load_model`` is the usual way."""
        self._identifiers = identifiers
        self._types = TypeWeights(types)
        self.settings = settings

    def find_spans(self, page: PageReading) -> tuple[Sighting, ...]:
        """Return what the model takes for names, dates and numbers on a page, in reading order.

        ``page`` of every sighting is 1, for the caller to replace. The confidence is that of the least sure
        word times the precision of the kind. What has no normalised value is left out. Of a page in another
        language nothing is returned.
        """
        if is_other_language(word.text for word in page.words):
            return ()
        tokens = split_page(page.words)
        if not tokens:
            return ()
        doc = self._identifiers(make_doc(self._identifiers.vocab, tokens))
        today = dt.datetime.now(dt.UTC).date()
        found = (
            self._make_sighting(tokens[span.start : span.end], span.label_, page.words, today)
            for span in doc.ents
        )
        return tuple(sighting for sighting in found if sighting is not None)

    def _make_sighting(
        self, tokens: Sequence[Token], label: str, words: Sequence[Word], today: dt.date
    ) -> Sighting | None:
        parts = [token for token in tokens if token.word != NO_WORD]
        if not parts:
            return None
        kind = SightingKind(label)
        raw = _join_raw(parts, words)
        value = normalize_value(kind, raw, today=today)
        if not value:
            return None
        own = [words[at] for at in sorted({token.word for token in parts})]
        confidence = min(word.confidence for word in own) * self.settings.precision.get(label, 0.5)
        return Sighting(
            kind,
            value,
            raw,
            min(max(confidence, 0.0), 1.0),
            1,
            union_boxes(word.box for word in own),
            SightingSource.MODEL,
        )

    def guess_type(self, pages: Sequence[PageReading]) -> TypeGuess:
        """Return the type of the document that the pages are.

        Its probability is calibrated; below ``settings.threshold`` the name is ``unknown`` and the
        probability still that of the best type. The evidence are the words without which the probability
        falls most.
        """
        words = list_type_words([page.words for page in pages])
        if sum(bool(word.strip()) for word in words) < _MIN_TYPE_WORDS or _are_foreign(pages):
            return TypeGuess(UNKNOWN, 0.0)
        best, probability = max(self._weigh([words])[0].items(), key=lambda item: item[1])
        if probability < self.settings.threshold:
            return TypeGuess(UNKNOWN, probability)
        return TypeGuess(best, probability, self._find_evidence(words, best))

    def weigh_types(self, pages: Sequence[PageReading]) -> dict[str, float]:
        """Return the calibrated probability of every type; all alike in a language that it does not know."""
        weights = self._weigh([list_type_words([page.words for page in pages])])[0]
        if _are_foreign(pages):
            return dict.fromkeys(weights, 1 / len(weights))
        best = max(weights, key=lambda name: weights[name])
        is_doubtful = (best in _NARRATIVES and _are_forms(pages)) or (
            best == "consultation" and not any(_CONSULTS.search(page.text) for page in pages)
        )
        return soften(weights, _DOUBT) if is_doubtful else weights

    def _weigh(self, documents: Sequence[list[str]]) -> list[dict[str, float]]:
        keys = [self._types.list_keys(words or [" "]) for words in documents]
        return self._weigh_keys(keys)

    def _weigh_keys(self, documents: Sequence[Keys]) -> list[dict[str, float]]:
        return [soften(weights, self.settings.temperature) for weights in self._types.weigh(documents)]

    def _find_evidence(self, words: list[str], name: str) -> tuple[str, ...]:
        """Leave out one word after the other and see by how much the type becomes less likely."""
        marked = [word[1:] for word in words if word.startswith("^")]
        plain = [word for word in words if len(word) > 2 and not word.startswith("^")]
        tried = list(dict.fromkeys(marked + plain))[:_MAX_OCCLUDED]
        keys = self._types.list_keys(words)
        bare = self._types.list_keys([word.removeprefix("^") for word in words])
        blank = self._types.list_keys([" "])
        without = [keys[bare != own] for own in self._types.list_keys(tried)]
        weighed = self._weigh_keys([keys, *(left if len(left) else blank for left in without)])
        weights = [math.log(weight[name]) for weight in weighed]
        drops = [(weights[0] - weight, word) for weight, word in zip(weights[1:], tried, strict=True)]
        ranked = sorted(drops, key=lambda item: -item[0])[:_MAX_EVIDENCE]
        return tuple(word for drop, word in ranked if drop > 0)


def _are_forms(pages: Sequence[PageReading]) -> bool:
    """Say whether pages have many boxes to tick and lines to write on."""
    marks = sum(len(_TO_FILL_IN.findall(word.text)) for page in pages for word in page.words)
    return marks >= _FORM_MARKS * len(pages)


def _are_foreign(pages: Sequence[PageReading]) -> bool:
    return is_other_language(word.text for page in pages for word in page.words)


@lru_cache(maxsize=2)
def load_model(folder: Path = MODELS) -> Model:
    """Return the models of a folder; loaded once a process.

    Raises:
        HomeError: a model is missing or damaged.
    """
    import spacy

    try:
        kept = json.loads((folder / SETTINGS).read_text())
        settings = ModelSettings(kept["temperature"], kept["threshold"], kept["precision"])
        return Model(spacy.load(folder / IDENTIFIERS), spacy.load(folder / TYPES), settings)
    except (OSError, ValueError, KeyError) as error:
        raise HomeError(
            "The language models are missing or damaged.", next_step="Run `backfile train`, or install again."
        ) from error


def soften(weights: Mapping[str, float], temperature: float) -> dict[str, float]:
    """Return probabilities made less (or more) sure by a temperature; they sum to 1."""
    powers = {name: max(weight, 1e-9) ** (1.0 / temperature) for name, weight in weights.items()}
    total = sum(powers.values())
    return {name: power / total for name, power in powers.items()}


def normalize_value(kind: SightingKind, raw: str, *, today: dt.date) -> str:
    """Return the value of a stretch of text taken for a kind; "" where it cannot be one."""
    if kind in (_K.PATIENT_NAME, _K.RELATIVE_NAME, _K.PROVIDER):
        name = parse_name(raw)
        # A single word is no patient: "Mr. Smith" is not enough to tell who it is.
        return str(name) if name and name.last and (name.first or kind is _K.PROVIDER) else ""
    if kind in (_K.BIRTH_DATE, _K.SERVICE_DATE, _K.OTHER_DATE):
        date = parse_date(raw, today=today, is_birth=kind is _K.BIRTH_DATE)
        return date.isoformat() if date else ""
    if kind in (_K.ADDRESS, _K.FACILITY):
        return " ".join(raw.split())
    return _NUMBERS.get(kind, _normalize_digits)(raw)


def _normalize_digits(raw: str) -> str:
    value = normalize_number(raw)
    return value if sum(char.isdigit() for char in value) >= _MIN_DIGITS else ""


_NUMBERS: dict[SightingKind, Callable[[str], str]] = {
    _K.PHONE: normalize_phone,
    _K.SSN_LAST4: normalize_ssn_last4,
    _K.SEX: normalize_sex,
}


def _join_raw(parts: Sequence[Token], words: Sequence[Word]) -> str:
    """Return the text of a span: whole words inside, cut where it begins or ends in mid-word."""
    text: list[str] = []
    for number in sorted({token.word for token in parts}):
        own = [token for token in parts if token.word == number]
        text.append(words[number].text[own[0].start : own[-1].end])
    return " ".join(text)
