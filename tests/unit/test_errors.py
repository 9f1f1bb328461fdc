"""The error tree: an exit code and a next step for each, and nothing lost on the way between processes."""

from __future__ import annotations

import pickle

import pytest

from backfile import errors
from backfile.domain.reasons import REASON_TEXTS, Reason
from backfile.errors import BackfileError, ExitCode, FileRefused, PageRefused

TREE = [
    value
    for value in vars(errors).values()
    if isinstance(value, type) and issubclass(value, BackfileError) and value is not BackfileError
]


@pytest.mark.parametrize("kind", TREE, ids=lambda kind: kind.__name__)
def test_every_error_is_drawn_in_the_tree_with_an_exit_code(kind: type[BackfileError]) -> None:
    assert kind.__name__ in (errors.__doc__ or "")
    assert kind.exit_code in set(ExitCode) - {ExitCode.DONE}


@pytest.mark.parametrize("kind", [FileRefused, PageRefused])
def test_a_refusal_crosses_a_process_border(kind: type[FileRefused] | type[PageRefused]) -> None:
    back = pickle.loads(pickle.dumps(kind(Reason.ENCRYPTED)))
    assert type(back) is kind
    assert back.reason is Reason.ENCRYPTED
    assert "password" in back.next_step


@pytest.mark.parametrize("reason", list(Reason))
def test_a_reason_is_a_whole_sentence(reason: Reason) -> None:
    text = REASON_TEXTS[reason]
    assert text[0].isupper()
    assert text.endswith(".")
