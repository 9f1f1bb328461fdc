"""Ids are random, opaque and, where many are made, in order."""

from __future__ import annotations

import re

from backfile.ids import new_id, new_ids


def test_ids_are_of_one_form() -> None:
    form = re.compile(r"pat_[0-9a-hjkmnp-tv-z]{12}")
    assert form.fullmatch(new_id("pat"))
    assert all(map(form.fullmatch, new_ids("pat", 50)))


def test_many_ids_rise_and_differ_from_run_to_run() -> None:
    made = list(new_ids("pat", 1000))
    assert made == sorted(set(made))
    assert not set(made) & set(new_ids("pat", 1000))
    assert list(new_ids("pat", 0)) == []
    first = {one[4:6] for one in made}
    assert len(first) > 500, "they spread over all there are"
