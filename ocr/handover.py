"""Hands a result from the child process to its parent through an anonymous memory file.

Objects are pickled, array data lies beside them and is mapped by the parent instead of copied. The
child has parsed hostile input, so the parent builds nothing but Backfile's own value types, errors
and NumPy arrays from what it left: any other name in the pickle is refused.
"""

from __future__ import annotations

import io
import mmap
import os
import pickle
import struct
from enum import Enum
from importlib import import_module
from typing import Any

_LENGTHS = struct.Struct("<QQ")
"""Bytes of the pickle, number of buffers."""
_LENGTH = struct.Struct("<Q")
_ALIGNMENT = 64

_NUMPY_NAMES = {"_frombuffer", "_reconstruct", "dtype", "ndarray", "scalar"}


def dump_result(value: object, descriptor: int) -> None:
    """Write a value to a file; array data goes straight from memory."""
    buffers: list[pickle.PickleBuffer] = []
    stream = pickle.dumps(value, protocol=5, buffer_callback=buffers.append)
    views = [buffer.raw() for buffer in buffers]
    head = _LENGTHS.pack(len(stream), len(views)) + b"".join(_LENGTH.pack(v.nbytes) for v in views)
    _write(descriptor, head + stream)
    at = len(head) + len(stream)
    for view in views:
        gap = -at % _ALIGNMENT
        _write(descriptor, bytes(gap))
        _write(descriptor, view)
        at += gap + view.nbytes


def load_result(descriptor: int) -> Any:
    """Return the value in a file; its arrays are read-only views of the file's memory.

    Raises:
        pickle.UnpicklingError: the file holds something else.
    """
    size = os.fstat(descriptor).st_size
    if size < _LENGTHS.size:
        raise pickle.UnpicklingError("no result")
    memory = memoryview(mmap.mmap(descriptor, size, prot=mmap.PROT_READ))
    length, count = _LENGTHS.unpack_from(memory)
    at = _LENGTHS.size
    sizes = [_LENGTH.unpack_from(memory, at + i * _LENGTH.size)[0] for i in range(count)]
    at += count * _LENGTH.size
    stream = memory[at : at + length]
    at += length
    buffers = []
    for size in sizes:
        at += -at % _ALIGNMENT
        buffers.append(memory[at : at + size])
        at += size
    return _ValueUnpickler(io.BytesIO(stream), buffers=buffers).load()


class _ValueUnpickler(pickle.Unpickler):
    """Builds value types only."""

    def find_class(self, module: str, name: str) -> Any:
        package = module.partition(".")[0]
        if package == "numpy" and name in _NUMPY_NAMES:
            return getattr(import_module(module), name)
        if package in {"backfile", "ocr"} and name.isidentifier():
            found = getattr(import_module(module), name)
            if isinstance(found, type) and (
                issubclass(found, (BaseException, Enum)) or hasattr(found, "__dataclass_fields__")
            ):
                return found
        if module == "builtins" and name in {"OSError", "set", "frozenset", "complex"}:
            return {"OSError": OSError, "set": set, "frozenset": frozenset, "complex": complex}[name]
        raise pickle.UnpicklingError(f"a result holds {module}.{name}, which is not a value type")


def _write(descriptor: int, data: bytes | memoryview) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
