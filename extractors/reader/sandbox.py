"""What a reading process gives up before it sees a foreign byte: memory beyond its limit (more to follow)."""

from __future__ import annotations

from reference.model import Frozen


class Rules(Frozen):
    """What a reader may."""

    memory_bytes: int


class Promise(Frozen):
    """What holds for a reader that has started."""

    memory: bool


def give_up(rules: Rules) -> Promise:
    """Give up what the rules do not leave, for ever and for whatever this process starts."""
    return Promise(memory=_bound_memory(rules.memory_bytes))


def _bound_memory(most: int) -> bool:
    """Bound what the process may write to; reserved address space and mapped libraries do not count."""
    try:
        import resource
    except ImportError:
        return False
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    return True
