"""A minimal Outlook .msg (MS-CFB holding MS-OXMSG): the reading library cannot write one."""

from __future__ import annotations

import itertools
import struct
from dataclasses import dataclass, field

SECTOR, MINI, CUTOFF = 512, 64, 4096
END, FREE, FAT, NONE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFF
Tree = dict[str, "bytes | Tree"]

TEXT, BINARY, NUMBER = 0x001F, 0x0102, 0x0003


def message(subject: str, headers: str, body: str, files: list[tuple[str, bytes]]) -> bytes:
    """A message with its transport headers and attachments by value."""
    root = _properties(
        {(0x001A, TEXT): "IPM.Note", (0x0037, TEXT): subject, (0x007D, TEXT): headers, (0x1000, TEXT): body},
        {0x340D: 0x40000},
        struct.pack("<8x4I8x", 0, len(files), 0, len(files)),
    )
    for number, (name, data) in enumerate(files):
        root[f"__attach_version1.0_#{number:08X}"] = _properties(
            {(0x3701, BINARY): data, (0x3707, TEXT): name, (0x3704, TEXT): name}, {0x3705: 1}, bytes(8)
        )
    return _compound(root)


def _properties(values: dict[tuple[int, int], str | bytes], numbers: dict[int, int], head: bytes) -> Tree:
    tree: Tree = {}
    entries = head
    for (tag, kind), value in values.items():
        data = value.encode("utf-16-le") if isinstance(value, str) else value
        tree[f"__substg1.0_{tag:04X}{kind:04X}"] = data
        size = len(data) + (2 if kind == TEXT else 0)
        entries += struct.pack("<HHIII", kind, tag, 6, size, 0)
    for tag, number in numbers.items():
        entries += struct.pack("<HHIII", NUMBER, tag, 6, number, 0)
    tree["__properties_version1.0"] = entries
    return tree


@dataclass
class _Sectors:
    """Chains of fixed-size pieces with their allocation table."""

    size: int
    data: bytearray = field(default_factory=bytearray)
    table: list[int] = field(default_factory=list)

    def add(self, content: bytes) -> int:
        if not content:
            return END
        first, count = len(self.table), -(-len(content) // self.size)
        self.data += content.ljust(count * self.size, b"\0")
        self.table += [*range(first + 1, first + count), END]
        return first


def _compound(root: Tree) -> bytes:
    sectors, minis = _Sectors(SECTOR), _Sectors(MINI)
    entries: list[list[object]] = [["Root Entry", 5, NONE, NONE, END, 0]]

    def store(tree: Tree) -> int:
        """Add a storage's entries, each the right neighbour of the one before; gives the first."""
        numbers = []
        for name, content in tree.items():
            entry: list[object] = [name, 2 if isinstance(content, bytes) else 1, NONE, NONE, 0, 0]
            numbers.append(len(entries))
            entries.append(entry)
            if isinstance(content, bytes):
                home = minis if len(content) < CUTOFF else sectors
                entry[4], entry[5] = home.add(content), len(content)
            else:
                entry[3] = store(content)
        for one, following in itertools.pairwise(numbers):
            entries[one][2] = following
        return numbers[0]

    entries[0][3] = store(root)
    entries[0][4], entries[0][5] = sectors.add(bytes(minis.data)), len(minis.data)
    directory = b"".join(_entry(*entry) for entry in entries)  # type: ignore[arg-type]
    first_directory = sectors.add(directory)
    mini_table = b"".join(struct.pack("<I", one) for one in minis.table)
    first_mini = sectors.add(mini_table.ljust(-(-len(mini_table) // SECTOR) * SECTOR, b"\xff"))
    first_fat = len(sectors.table)
    fats = 1
    while (first_fat + fats) * 4 > fats * SECTOR:
        fats += 1
    table = [*sectors.table, *[FAT] * fats]
    fat = b"".join(struct.pack("<I", one) for one in table).ljust(fats * SECTOR, b"\xff")
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack(
        "<9I", 0, fats, first_directory, 0, CUTOFF, first_mini, -(-len(mini_table) // SECTOR), END, 0
    )
    difat = [first_fat + i for i in range(fats)] + [FREE] * (109 - fats)
    return head + struct.pack("<109I", *difat) + bytes(sectors.data) + fat


def _entry(name: str, kind: int, right: int, child: int, start: int, size: int) -> bytes:
    written = name.encode("utf-16-le") + b"\0\0"
    return (
        written.ljust(64, b"\0") + struct.pack("<HBB3I", len(written), kind, 1, NONE, right, child)
        + bytes(36) + struct.pack("<IQ", start, size)
    )  # fmt: skip
