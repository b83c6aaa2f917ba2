"""What goes over the pipe between a reader and its owner: a kind, and blobs of bytes with their lengths.

Nothing is ever unpickled: blobs are JSON, checked by pydantic, or a file's bytes as they are.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import BinaryIO, TypeAlias

_HEAD = struct.Struct(">BI")
_LENGTH = struct.Struct(">Q")
_CHUNK = 1024**2
MOST_BLOBS = 100_000
MOST_BYTES = 2 * 1024**3
"""Blobs of one frame and their bytes together that are taken: more than any limit lets a message hold."""


class Kind(IntEnum):
    """What a frame says."""

    READY = 1
    """The reader has started and given up what it is to give up (`sandbox.Promise`)."""
    JOB = 2
    """Owner to reader: a job as JSON, then the bytes to read."""
    DONE = 3
    """The job's answer as JSON, then blobs that belong to it."""
    OVER = 4
    """The job was given up: the limit as JSON."""
    ASK = 5
    """Reader to owner: the name of something that was kept earlier. Answered by KEPT."""
    KEPT = 6
    """What was kept under the name; no blob where nothing was."""
    KEEP = 7
    """Reader to owner: a name and a text to keep."""
    PAGE = 8
    """A page was read as a form: the job has earned more time."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame with its blobs."""

    kind: Kind
    blobs: tuple[bytes, ...] = ()


class BrokenPipe(Exception):  # noqa: N818 - the other side ended, which is an outcome
    """The other side ended, or what it sent is no frame."""


Blob: TypeAlias = bytes | tuple[int, Iterable[bytes]]
"""Bytes, or how many and their pieces."""


def write_frame(stream: BinaryIO, kind: Kind, *blobs: Blob) -> None:
    """Write a frame and send it off; a blob may be its length and its pieces, which are never joined.

    Raises:
        BrokenPipe: nobody reads any more.
    """
    try:
        stream.write(_HEAD.pack(kind, len(blobs)))
        for blob in blobs:
            length, pieces = blob if isinstance(blob, tuple) else (len(blob), (blob,))
            stream.write(_LENGTH.pack(length))
            for piece in pieces:
                stream.write(piece)
        stream.flush()
    except (OSError, ValueError) as error:
        raise BrokenPipe from error


def read_frame(stream: BinaryIO, most: int = MOST_BYTES) -> Frame:
    """The next frame.

    Raises:
        BrokenPipe: the other side ended, or what it sent is no frame or holds more than `most` bytes.
    """
    read = _reader(stream)
    code, count = _HEAD.unpack(read(_HEAD.size))
    if code not in _KINDS or count > MOST_BLOBS:
        raise BrokenPipe
    blobs = []
    for _ in range(count):
        (length,) = _LENGTH.unpack(read(_LENGTH.size))
        most -= length
        if most < 0:
            raise BrokenPipe
        blobs.append(read(length))
    return Frame(Kind(code), tuple(blobs))


_KINDS = frozenset(Kind)


def _reader(stream: BinaryIO) -> Callable[[int], bytes]:
    def read(size: int) -> bytes:
        try:
            data = stream.read(size)
        except (OSError, ValueError) as error:
            raise BrokenPipe from error
        if len(data) < size:
            raise BrokenPipe
        return data

    return read
