"""Carries over which layers of a PDF (optional content) are hidden, so that its pages look as they did."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String


def copy_layers(target: pikepdf.Pdf, sources: Iterable[pikepdf.Pdf]) -> None:
    """Make the layers of some files layers of a document that has pages of them.

    ISO 32000-1, 8.11.4; the one configuration is written as ISO 19005-2, 6.9 asks: named, every layer in its
    order, nothing that switches layers by itself.
    """
    layers, hidden = Array(), Array()
    for source in sources:
        properties = source.Root.get("/OCProperties")
        if not isinstance(properties, Dictionary):
            continue
        off = _hidden_of(properties)
        for layer in properties.get("/OCGs", Array()):
            if not isinstance(layer, Dictionary) or not layer.is_indirect:
                continue
            copy = target.copy_foreign(layer)
            layers.append(copy)
            if layer.objgen in off:
                hidden.append(copy)
    if len(layers):
        configuration = Dictionary(Name=String("Default"), Order=layers, OFF=hidden, BaseState=Name.ON)
        target.Root.OCProperties = Dictionary(OCGs=layers, D=configuration)


def _hidden_of(properties: Any) -> set[tuple[int, int]]:
    """Return which layers are off when the file is opened."""
    usual = properties.get("/D", Dictionary())
    off = {layer.objgen for layer in usual.get("/OFF", Array())}
    if str(usual.get("/BaseState")) == "/OFF":
        on = {layer.objgen for layer in usual.get("/ON", Array())}
        off |= {layer.objgen for layer in properties.get("/OCGs", Array())} - on
    return off
