"""RapidOCR's models (PP-OCRv6 small), out of its wheel, as sessions of onnxruntime.

RapidOCR's own code is not imported: it logs to the console, fetches what it misses from the network,
and brings a page to one size for finding and for reading lines. The models are what counts; what stands
around them here follows its steps (threshold, box and crop of lines; greedy CTC decoding).

The recogniser knows 18,708 characters, most of them Chinese, and weighs each at every step along a line.
For languages written in Latin letters its last layer is cut to the characters that can occur: the other
layers, and the order of the remaining characters' scores, stay what they are.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

from backfile.errors import UsageError

if TYPE_CHECKING:
    import onnxruntime

_DETECTOR = "PP-OCRv6_det_small.onnx"
_RECOGNIZER = "PP-OCRv6_rec_small.onnx"
_CHARACTERS = "character"
"""Name of the list of characters among a model's notes."""
_FLOAT = 1
"""ONNX's number of 32-bit floats."""
_ERRORS_ONLY = 3
_LATIN_END = 0x250
_PUNCTUATION = "‐‑–—―‘’“”†‡•…‰′″€™−≤≥±×÷µ°½¼¾√→←↑↓■□☐☑☒✓✔✗"
"""What stands between Latin letters in charts besides what lies beside them in Unicode."""


@dataclass(frozen=True, slots=True)
class Recognizer:
    """The model that reads a line, and what its scores stand for."""

    session: onnxruntime.InferenceSession
    characters: tuple[str, ...]
    """The first is the blank between characters, the last a space."""


def find_model(name: str) -> Path:
    """Return where a model of RapidOCR's wheel lies.

    Raises:
        UsageError: it is not on this machine.
    """
    spec = find_spec("rapidocr")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(folder) / "models" / name
        if path.is_file():
            return path
    raise UsageError(
        f"RapidOCR's model {name} is not on this machine.",
        next_step="Install Backfile anew with its pinned requirements, or set reading to fast.",
    )


def load_detector() -> onnxruntime.InferenceSession:
    """Load the model that finds lines."""
    return _open_session(find_model(_DETECTOR).read_bytes())


def load_recognizer(*, latin: bool) -> Recognizer:
    """Load the model that reads lines.

    Args:
        latin: only languages in Latin letters are read.
    """
    data = find_model(_RECOGNIZER).read_bytes()
    session = _open_session(data)
    known = session.get_modelmeta().custom_metadata_map[_CHARACTERS].splitlines()
    characters = ("", *known, " ")
    if not latin:
        return Recognizer(session, characters)
    kept = [n for n, c in enumerate(characters) if n == 0 or _is_latin(c)]
    return Recognizer(
        _open_session(_cut_classes(data, kept, len(characters))), tuple(characters[n] for n in kept)
    )


def _is_latin(character: str) -> bool:
    """Say whether a character can stand in a chart in a language of Latin letters."""
    if character in _PUNCTUATION:
        return True
    decomposed = unicodedata.normalize("NFD", character)[:1]
    return ord(decomposed) < _LATIN_END and character.isprintable()


def _open_session(model: bytes) -> onnxruntime.InferenceSession:
    """Return a session that works in the calling thread alone, so that it survives a fork of its process."""
    import onnxruntime  # takes half a second, which a process that reads no page need not wait

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = _ERRORS_ONLY
    options.enable_cpu_mem_arena = False  # it would keep the memory of the largest page for ever
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _cut_classes(model: bytes, kept: list[int], classes: int) -> bytes:
    """Return the model with only some classes: columns of its last weights, and of their bias."""
    message = _model_message()()
    message.ParseFromString(model)
    cut = 0
    for tensor in message.graph.initializer:
        if classes not in tensor.dims or tensor.data_type != _FLOAT:
            continue
        values = np.frombuffer(tensor.raw_data, np.float32).reshape(tuple(tensor.dims))
        tensor.raw_data = np.ascontiguousarray(values[..., kept]).tobytes()
        tensor.dims[-1] = len(kept)
        cut += 1
    if cut != 2:  # weights and bias
        raise UsageError(
            "RapidOCR's model is not built as expected.",
            next_step="Install the version of rapidocr that Backfile pins.",
        )
    for output in message.graph.output:  # it named the number of classes
        output.ClearField("type")
    data: bytes = message.SerializeToString()
    return data


@cache
def _model_message() -> Any:
    """Return the class of ONNX models, with the fields that are looked at; all others are kept unread.

    The numbers are those of onnx.proto3 (github.com/onnx/onnx).
    """
    field = descriptor_pb2.FieldDescriptorProto
    file = descriptor_pb2.FileDescriptorProto(name="backfile_onnx.proto", package="backfile", syntax="proto2")

    def add(name: str, *fields: tuple[str, int, int, bool, str]) -> None:
        message = file.message_type.add(name=name)
        for title, number, kind, repeated, of in fields:
            label = field.LABEL_REPEATED if repeated else field.LABEL_OPTIONAL
            added = message.field.add(name=title, number=number, type=kind, label=label)
            if of:
                added.type_name = f".backfile.{of}"

    add(
        "Tensor",
        ("dims", 1, field.TYPE_INT64, True, ""),
        ("data_type", 2, field.TYPE_INT32, False, ""),
        ("raw_data", 9, field.TYPE_BYTES, False, ""),
    )
    add("Value", ("type", 2, field.TYPE_BYTES, False, ""))
    add(
        "Graph",
        ("initializer", 5, field.TYPE_MESSAGE, True, "Tensor"),
        ("output", 12, field.TYPE_MESSAGE, True, "Value"),
    )
    add("Model", ("graph", 7, field.TYPE_MESSAGE, False, "Graph"))
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("backfile.Model"))
