"""What tantivy and the file system raise, in our terms; their own texts may quote a page and are dropped."""

from __future__ import annotations

import errno
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager

from backfile.errors import BackfileError, Busy, DiskFull, IndexUnusable, ServerDown

log = logging.getLogger(__name__)

_OS_ERROR = re.compile(r"os error (\d+)")
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
_OUT_OF_REACH = frozenset(
    {
        errno.EACCES,
        errno.EPERM,
        errno.EROFS,
        errno.EMFILE,
        errno.ENFILE,
        errno.ENOMEM,
        errno.EIO,
        errno.ESTALE,
    }
)
"""The index may be sound although this process cannot get at it: no reason to build it anew."""


@contextmanager
def translated() -> Iterator[None]:
    """Raise our errors in place of the library's and the system's.

    Raises:
        Busy: another process holds the writer's lock.
        DiskFull: there is no room.
        ServerDown: the files cannot be reached.
        IndexUnusable: anything else; the index is damaged.
    """
    try:
        yield
    except BackfileError:
        raise
    except BlockingIOError:
        raise _busy() from None
    except (ValueError, OSError, RuntimeError) as error:
        raise _translate(error) from None
    except BaseException as error:  # a panic of the library is no Exception
        if type(error).__name__ != "PanicException":
            raise
        raise _unusable() from None


def _translate(error: Exception) -> BackfileError:
    text = str(error)
    if "LockBusy" in text:
        return _busy()
    found = _OS_ERROR.search(text)
    code = error.errno if isinstance(error, OSError) else int(found[1]) if found else None
    if code in _NO_ROOM:
        return DiskFull()
    log.warning("the index failed: %s, code %s", type(error).__name__, code)
    if code in _OUT_OF_REACH:
        return ServerDown(
            "The files of the search index cannot be reached.",
            next_step="Look at the permissions of the index folder, the disk, and the limit of open files.",
        )
    return _unusable()


def _busy() -> Busy:
    return Busy(
        "Another process writes to the search index.",
        next_step="Wait for it to end, or let `backfile up` do the work; only one writer is allowed.",
    )


def _unusable() -> IndexUnusable:
    return IndexUnusable("The search index cannot be read.")
