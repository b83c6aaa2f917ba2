"""What one file has unpacked to so far: counted where it is unpacked, whatever filters name or hide it."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from extractors.overrun import OverLimitsError


class Inflation:
    """What the streams of a file may still unpack to, in bytes."""

    def __init__(self, most: int) -> None:
        self.most = self.left = most

    def spend(self, size: int) -> None:
        """Count bytes that came out of a filter.

        Raises:
            OverLimitsError: they are more than are left.
        """
        self.left -= size
        if self.left < 0:
            raise OverLimitsError("inflated", most=self.most)

    def inflate(self, data: bytes) -> bytes:
        """`zlib.decompress` that stops at the limit.

        Raises:
            OverLimitsError: it unpacks to more than is left.
            zlib.error: it is damaged or incomplete.
        """
        unpacker = zlib.decompressobj()
        out = unpacker.decompress(data, self.left + 1)
        self.spend(len(out))
        if not unpacker.eof:
            raise zlib.error("incomplete")
        return out

    def inflate_damaged(self, data: bytes) -> bytes:
        """What a damaged stream holds up to its damage.

        Raises:
            OverLimitsError: that is more than is left.
        """
        unpacker = zlib.decompressobj()

        def pieces() -> Iterator[bytes]:
            for at in range(len(data)):
                try:
                    yield unpacker.decompress(data[at : at + 1])
                except zlib.error:
                    return

        return self.joined(pieces())

    def joined(self, pieces: Iterable[bytes]) -> bytes:
        """The pieces that a filter gives, counted as they come.

        Raises:
            OverLimitsError: they are more than are left.
        """
        out = []
        for piece in pieces:
            self.spend(len(piece))
            out.append(piece)
        return b"".join(out)
