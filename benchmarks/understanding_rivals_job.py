"""Runs scikit-learn or Presidio on texts. Runs under the rivals' interpreter, not under ours.

PYTHON benchmarks/understanding_rivals_job.py types|presidio IN.json OUT.json
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any


def guess_types(training: list[list[str]], texts: list[str]) -> list[tuple[str, float]]:
    """Return the likeliest type of each text with its probability."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # type: ignore[import-not-found,unused-ignore]
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-not-found,unused-ignore]
    from sklearn.pipeline import make_pipeline  # type: ignore[import-not-found,unused-ignore]

    model = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True),
        LogisticRegression(C=30.0, max_iter=300),
    )
    model.fit([text for text, _ in training], [name for _, name in training])
    weights = model.predict_proba(texts)
    names = model.classes_
    return [(str(names[row.argmax()]), float(row.max())) for row in weights]


def find_entities(texts: list[str]) -> list[list[tuple[str, str, float, int]]]:
    """Return (kind, text, score, start) of what Presidio finds; its default model is not downloaded.

    Its words of context need tokens with lemmas, which spaCy's blank English and small letters give. It
    knows no MRN: a recognizer for it is added as its manual shows, a number with the words that stand by it.
    """
    import spacy
    from presidio_analyzer import (  # type: ignore[import-not-found,unused-ignore]
        AnalyzerEngine,
        Pattern,
        PatternRecognizer,
    )
    from presidio_analyzer.nlp_engine import SpacyNlpEngine  # type: ignore[import-not-found,unused-ignore]
    from spacy.language import Language
    from spacy.tokens import Doc

    @Language.component("plain_lemmas")
    def set_plain_lemmas(doc: Doc) -> Doc:
        for token in doc:
            token.lemma_ = token.lower_
        return doc

    plain = spacy.blank("en")
    plain.add_pipe("plain_lemmas")
    engine = SpacyNlpEngine(models=[{"lang_code": "en", "model_name": "blank"}])
    engine.nlp = {"en": plain}
    analyzer = AnalyzerEngine(nlp_engine=engine, supported_languages=["en"])
    number = Pattern("number", r"\b[A-Z]{0,3}\d(?:[\d-]{3,12})\d\b", 0.3)
    context = ["mrn", "mr", "medical", "record", "chart", "hospital", "unit", "patient"]
    analyzer.registry.add_recognizer(
        PatternRecognizer(supported_entity="MRN", patterns=[number], context=context)
    )
    found = []
    for text in texts:
        results = analyzer.analyze(text, language="en", entities=["DATE_TIME", "MRN"])
        found.append([(r.entity_type, text[r.start : r.end], float(r.score), r.start) for r in results])
    return found


def main() -> None:
    """Work and write."""
    task, source, target = sys.argv[1:4]
    given: dict[str, Any] = json.loads(Path(source).read_text(encoding="utf-8"))
    answer = (
        guess_types(given["training"], given["texts"]) if task == "types" else find_entities(given["texts"])
    )
    Path(target).write_text(json.dumps(answer), encoding="utf-8")


if __name__ == "__main__":
    main()
