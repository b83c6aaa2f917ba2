"""What a reading process gives up before it sees a foreign byte, for ever and for whatever it starts.

Memory beyond its limit everywhere but on Windows. On Linux with Landlock (5.13, network from 6.7) also: files
outside of Python's own and the system's libraries, writing outside its folder (without one: anywhere),
starting programs, and connections. Sockets of every kind go by a filter of system calls, where the processor
is one that is known here. `Promise` says what holds; elsewhere the owner's watch over time is what remains.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import extractors
import reference
from reference.model import Frozen


class Rules(Frozen):
    """What a reader may."""

    memory_bytes: int
    folder: str | None = None
    """Where it may write; nowhere without."""
    program: str | None = None
    """A program that it may start, with the libraries of the system (LibreOffice)."""


class Promise(Frozen):
    """What holds for a reader that has started."""

    memory: bool
    files: bool
    """It can write in its folder alone, read only what its libraries need, and start nothing."""
    connections: bool
    """It can neither listen nor connect by TCP."""
    sockets: bool
    """It can make no socket of the network at all."""


def give_up(rules: Rules) -> Promise:
    """Give up what the rules do not leave. To be called before any thread is started: each has its own."""
    memory = _bound_memory(rules.memory_bytes)
    if not sys.platform.startswith("linux"):
        return Promise(memory=memory, files=False, connections=False, sockets=False)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0):
        return Promise(memory=memory, files=False, connections=False, sockets=False)
    version = max(0, libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), 1))
    files = version > 0 and _locked_in(libc, version, rules)
    return Promise(
        memory=memory,
        files=files,
        connections=files and version >= _WITH_NETWORK,
        sockets=_without_sockets(libc, unix=rules.program is not None),
    )


def _bound_memory(most: int) -> bool:
    """Bound what the process may write to; reserved address space and mapped libraries do not count."""
    try:
        import resource
    except ImportError:
        return False
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    return True


# ---- Landlock --------------------------------------------------------------------------------------

_NO_NEW_PRIVILEGES = 38
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_PATH_BENEATH = 1
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_MAKE_SOCKET = 1 << 9
_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
"""Rights over files by the version that brought them: all are taken that the kernel knows."""
_WITH_NETWORK, _TCP = 4, 0b11
_WITH_SCOPES, _SCOPES = 6, 0b11
"""From this version on: no abstract sockets of, and no signals to, processes outside."""

_SYSTEM = ("/usr", "/lib", "/lib64", "/bin", "/opt")
_SETTINGS = ("/etc/ld.so.cache", "/etc/localtime", "/etc/fonts", "/etc/alternatives", "/etc/libreoffice")
_MACHINE = (
    "/proc/self",
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/proc/stat",
    "/sys/devices/system",
    "/dev/urandom",
)


def _locked_in(libc: ctypes.CDLL, version: int, rules: Rules) -> bool:
    """Restrict this process to the rules' files; whether the kernel did."""
    everything = max(bits for since, bits in _RIGHTS.items() if since <= version)
    words = [everything]
    words += [_TCP] if version >= _WITH_NETWORK else []
    words += [_SCOPES] if version >= _WITH_SCOPES else []
    attributes = struct.pack(f"={len(words)}Q", *words)
    ruleset = libc.syscall(_CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), 0)
    if ruleset < 0:
        return False
    try:
        for path, rights in _allowed(rules, everything):
            with suppress(OSError):  # what is not there need not be allowed
                _allow(libc, ruleset, path, rights)
        return bool(libc.syscall(_RESTRICT_SELF, ruleset, 0) == 0)
    finally:
        os.close(ruleset)


def _allow(libc: ctypes.CDLL, ruleset: int, path: str, rights: int) -> None:
    place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        if not os.path.isdir(path):
            rights &= _EXECUTE | _WRITE_FILE | _READ_FILE
        libc.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, struct.pack("=Qi", rights, place), 0)
    finally:
        os.close(place)


def _allowed(rules: Rules, everything: int) -> Iterator[tuple[str, int]]:
    """Paths, and what may be done beneath them."""
    read = _READ_FILE | _READ_DIR
    run = read | (_EXECUTE if rules.program else 0)
    for path in (*_SYSTEM, *_SETTINGS):
        yield path, run
    for path in (sys.prefix, sys.base_prefix, *sysconfig.get_paths().values(), *_MACHINE):
        yield path, read
    root = Path(str(extractors.__file__)).parent.parent
    for entry in sys.path:
        # The project's own folder may hold the office's data: of it the two packages alone.
        yield entry, _READ_DIR if Path(entry) == root and root.name != "site-packages" else read
    for package in (extractors, reference):
        yield str(Path(str(package.__file__)).parent), read
    yield os.devnull, read | _WRITE_FILE
    if rules.folder:
        yield rules.folder, everything & ~_EXECUTE
    if rules.program:
        yield str(Path(rules.program).resolve().parent), run
        yield "/proc", read
        yield "/tmp", _MAKE_SOCKET


# ---- system calls ----------------------------------------------------------------------------------

_SECCOMP, _FILTER = 22, 2
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | 13
"""Go on; or fail with EACCES."""
_OTHER_ABI = 0x40000000
"""System calls of x32, which would go around the numbers below."""
_URING_SETUP = 425
_AF_UNIX = 1
_KNOWN = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
"""By processor: the architecture as the kernel names it, and the number of `socket`."""


def _without_sockets(libc: ctypes.CDLL, *, unix: bool) -> bool:
    """Refuse to make sockets, those between processes of this machine apart where `unix`."""
    known = _KNOWN.get(platform.machine())
    if known is None:
        return False
    architecture, socket = known
    steps = (
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 0, 7, architecture),
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, 5, 0, _OTHER_ABI),
        (_EQUAL, 4, 0, _URING_SETUP),
        (_EQUAL, 0, 2, socket),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_EQUAL, 0, 1, _AF_UNIX if unix else 0xFFFFFFFF),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    )
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in steps))

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_void_p))

    program = Program(len(steps), ctypes.addressof(code))
    return bool(libc.prctl(_SECCOMP, _FILTER, ctypes.byref(program), 0, 0) == 0)
