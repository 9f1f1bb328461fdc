"""Fits the two pipelines on labelled pages."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from spacy.tokens import Doc, Span
from spacy.training import Example
from spacy.util import load_config, load_model_from_config
from spacy.vocab import Vocab
from thinc.api import Config, fix_random_seed

from backfile.domain.document import SightingKind
from classify.model_text import LINE_END, NO_WORD, list_type_words, make_doc, split_page
from classify.training.augment import augment_page
from classify.training.corpus import LabelledDocument
from classify.training.noise import LabelledWords, add_noise, misread
from classify.training.sketches import sketch_page
from classify.training.type_phrases import sketch_type_words, type_names

if TYPE_CHECKING:
    from spacy.language import Language

NOISE_RATES = (0.0, 0.015, 0.04)
"""Shares of misread characters at which the models are trained and scored."""

_HERE = Path(__file__).parent
_MAY_HOLD_MARKS = ("address", "facility")
SKETCHED = 0.35
"""Share of sketched pages among those that the model of identifiers learns from."""
_BATCH_TOKENS = 350
_TYPE_BATCH = 32
_MAX_TOKENS = 260
"""Tokens of a page that are learnt from at a time: its head, its foot and a part between."""
_HEAD_TOKENS = 160
_FOOT_TOKENS = 45


def fit_identifiers(
    documents: Sequence[LabelledDocument],
    *,
    seed: int,
    epochs: int,
    after_epoch: Callable[[Language, int], bool],
) -> Language:
    """Train the model of identifiers.

    Args:
        documents: Pages as printed; noise and other wordings are drawn anew every epoch, and with them
            sketched pages, so many that they are ``SKETCHED`` of all.
        seed: Source of all chance.
        epochs: How often to go through them.
        after_epoch: Gets the pipeline and the number of the epoch, from 1; False ends the training.
    """
    nlp, config = _load(_HERE / "identifiers.cfg", seed)
    rng = random.Random(seed)  # noqa: S311 - a corpus, no secret
    for kind in SightingKind:
        nlp.get_pipe("ner").add_label(kind.value)  # type: ignore[attr-defined]
    pages = [page for document in documents for page in document.pages]
    first = [_make_example(nlp.vocab, page, rng) for page in pages[:60]]
    optimizer = nlp.initialize(lambda: first)
    rate = config["training"]["optimizer"]["learn_rate"]
    sketches = int(len(pages) * SKETCHED / (1 - SKETCHED))
    steps, total = 0, epochs * (len(pages) + sketches)
    for epoch in range(1, epochs + 1):
        every: list[LabelledWords | None] = [*pages, *([None] * sketches)]
        rng.shuffle(every)
        for batch in _batch_examples(_make_example(nlp.vocab, page, rng) for page in every):
            # Falls to a twentieth: without it the last batches decide too much.
            optimizer.learn_rate = rate * max(0.05, 1.0 - steps / max(total, 1))
            nlp.update(batch, sgd=optimizer, drop=config["training"]["dropout"])
            steps += len(batch)
        if not after_epoch(nlp, epoch):
            break
    return nlp


def fit_types(
    documents: Sequence[LabelledDocument], *, names: Sequence[str], seed: int, epochs: int
) -> Language:
    """Train the model of types; every other time it sees a single page of a document.

    For every two documents it also sees a made-up one of ``type_phrases``.
    """
    nlp, config = _load(_HERE / "types.cfg", seed)
    rng = random.Random(seed + 1)  # noqa: S311 - a corpus, no secret
    for name in names:
        nlp.get_pipe("textcat").add_label(name)  # type: ignore[attr-defined]
    first = [_make_type_example(nlp.vocab, d, names, rng) for d in documents[: 2 * len(names)]]
    optimizer = nlp.initialize(lambda: first)
    sketched = [name for name in type_names() if name in names]
    every: list[LabelledDocument | str] = list(documents)
    every += [sketched[n % len(sketched)] for n in range(len(documents) // 2)]
    for _ in range(epochs):
        rng.shuffle(every)
        for at in range(0, len(every), _TYPE_BATCH):
            examples = [
                _make_sketched_type(nlp.vocab, d, names, rng)
                if isinstance(d, str)
                else _make_type_example(nlp.vocab, d, names, rng)
                for d in every[at : at + _TYPE_BATCH]
            ]
            nlp.update(examples, sgd=optimizer, drop=config["training"]["dropout"])
    return nlp


def add_spans(doc: Doc, tokens: Sequence[int], page: LabelledWords) -> Doc:
    """Set the spans of a page as entities; ``tokens`` has the word of each token or ``NO_WORD``.

    Punctuation at either end of a name or number is no part of it.
    """
    spans: list[Span] = []
    at = 0
    while at < len(tokens):
        number = page.spans[tokens[at]] if tokens[at] != NO_WORD else -1
        end = at + 1
        while (
            number >= 0 and end < len(tokens) and tokens[end] != NO_WORD and page.spans[tokens[end]] == number
        ):
            end += 1
        if number >= 0:
            start, stop = at, end
            while start < stop and not _is_solid(doc[start].text, opening=True):
                start += 1
            while stop > start and not _is_solid(doc[stop - 1].text, opening=False):
                stop -= 1
            if page.kinds[number] not in _MAY_HOLD_MARKS:
                # "MRN:0123" is one word, and its label no part of the number.
                marks = [n for n in range(start, stop - 1) if doc[n].text in (":", "#")]
                start = marks[-1] + 1 if marks else start
            if stop > start:
                spans.append(Span(doc, start, stop, label=page.kinds[number]))
        at = end
    doc.set_ents(spans)
    return doc


def _is_solid(text: str, *, opening: bool) -> bool:
    return any(char.isalnum() for char in text) or (opening and text in "(#") or text[:1] in "*•"


def _load(path: Path, seed: int) -> tuple[Language, Config]:
    fix_random_seed(seed)
    config = load_config(path)
    training = Config({"training": config.pop("training")}).interpolate()
    return load_model_from_config(config, auto_fill=True), training


def _make_example(vocab: Vocab, page: LabelledWords | None, rng: random.Random) -> Example:
    """Return a page, or a newly sketched one, as a poor reader has it."""
    printed = augment_page(page, rng) if page is not None else sketch_page(rng)
    shown = add_noise(printed, rng, rate=rng.choice(NOISE_RATES) * rng.uniform(0.6, 1.4))
    tokens = split_page(shown.words)
    if len(tokens) > _MAX_TOKENS:
        room = _MAX_TOKENS - _HEAD_TOKENS - _FOOT_TOKENS
        start = rng.randint(_HEAD_TOKENS, len(tokens) - _FOOT_TOKENS - room)
        tokens = tokens[:_HEAD_TOKENS] + tokens[start : start + room] + tokens[-_FOOT_TOKENS:]
    reference = add_spans(make_doc(vocab, tokens), [token.word for token in tokens], shown)
    return Example(make_doc(vocab, tokens), reference)


def _make_type_example(
    vocab: Vocab, document: LabelledDocument, names: Sequence[str], rng: random.Random
) -> Example:
    rate = rng.choice(NOISE_RATES) * rng.uniform(0.6, 1.4)
    pages = list(document.pages)
    if len(pages) > 1 and rng.random() < 0.4:
        pages = [rng.choice(pages)]
    shown = [add_noise(augment_page(page, rng), rng, rate=rate) for page in pages]
    words = list_type_words([page.words for page in shown]) or [" "]
    reference = Doc(vocab, words=words)
    reference.cats = {name: float(name == document.type) for name in names}
    return Example(Doc(vocab, words=words), reference)


def _make_sketched_type(vocab: Vocab, name: str, names: Sequence[str], rng: random.Random) -> Example:
    """Return a made-up document of a type, its words as ``list_type_words`` gives them."""
    rate = rng.choice(NOISE_RATES)
    words: list[str] = []
    for line, is_title in sketch_type_words(name, rng):
        for word in line.split():
            plain = re.sub(r"[^a-z&]+", "", misread(word, rng, rate=rate).lower())
            if plain:
                words += [plain, f"^{plain}"] if is_title else [plain]
    words.append(LINE_END)
    reference = Doc(vocab, words=words)
    reference.cats = {known: float(known == name) for known in names}
    return Example(Doc(vocab, words=words), reference)


def _batch_examples(examples: Iterable[Example]) -> Iterable[list[Example]]:
    batch: list[Example] = []
    tokens = 0
    for example in examples:
        batch.append(example)
        tokens += len(example.predicted)
        if tokens >= _BATCH_TOKENS:
            yield batch
            batch, tokens = [], 0
    if batch:
        yield batch
