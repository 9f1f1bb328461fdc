"""Text that remembers what its stretches are: the truth travels with the words through the layout.

A stretch such as a patient's name is put between two private-use characters, the first followed by a
character that numbers its meaning. Laying out splits the text into words; each word keeps the meaning.
"""

from __future__ import annotations

from dataclasses import dataclass

from backfile.domain.document import SightingKind

_OPEN, _CLOSE = "\ue000", "\ue001"
_FIRST = 0xE100


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """One occurrence of a meaning in the text; compared by identity, as each is its own sighting."""

    kind: SightingKind
    value: str


@dataclass(frozen=True, slots=True)
class InkWord:
    """A word to be laid out."""

    text: str
    runs: tuple[Run, ...] = ()


class Markup:
    """The meanings in the texts of one document."""

    def __init__(self) -> None:
        self._meanings: list[tuple[SightingKind, str]] = []
        self._joined: dict[int, Run] = {}

    def mark(self, text: str, kind: SightingKind, value: str | None = None) -> str:
        """Return the text with its meaning; ``value`` is the normalised one, else the text itself."""
        if not text:
            return ""
        self._meanings.append((kind, text if value is None else value))
        return f"{_OPEN}{chr(_FIRST + len(self._meanings) - 1)}{text}{_CLOSE}"

    def mark_lines(self, lines: tuple[str, ...], kind: SightingKind, value: str) -> tuple[str, ...]:
        """Return lines that say one thing together, such as an address; to be printed once a page."""
        marked = tuple(self.mark(line, kind, value) for line in lines)
        run = Run(kind, value)
        for back in range(1, len(lines) + 1):
            self._joined[len(self._meanings) - back] = run
        return marked

    def split(self, text: str) -> list[InkWord]:
        """Return the words of a text with their meanings."""
        if _OPEN not in text:
            return [InkWord(word) for word in text.split()]
        words: list[InkWord] = []
        run: Run | None = None
        for piece in text.split():
            runs: list[Run] = [run] if run else []
            plain: list[str] = []
            chars = iter(piece)
            for char in chars:
                if char == _OPEN:
                    number = ord(next(chars)) - _FIRST
                    run = self._joined.get(number) or Run(*self._meanings[number])
                    runs.append(run)
                elif char == _CLOSE:
                    run = None
                else:
                    plain.append(char)
            if plain:
                words.append(InkWord("".join(plain), tuple(runs)))
        return words


def strip_markup(text: str) -> str:
    """Return the text alone."""
    out: list[str] = []
    chars = iter(text)
    for char in chars:
        if char == _OPEN:
            next(chars)
        elif char != _CLOSE:
            out.append(char)
    return "".join(out)
