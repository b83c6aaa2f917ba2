"""A reading that was given up: why, and the finding that says so."""

from __future__ import annotations

from typing import Literal

from reference.findings import finding
from reference.model import Finding, Frozen
from reference.settings import Limits

Why = Literal["time", "memory", "crash", "inflated", "ratio", "pixels"]
MILLION = 1_000_000
UNNAMED = "（未命名）"


class Overrun(Frozen):
    """Why reading a file was given up; `told` is for whoever looks into it."""

    why: Why
    told: str = ""
    most: int | None = None
    """The limit, where it is another than the settings'."""


class OverLimitsError(Exception):
    """Ends the reading of one file; becomes its finding and never ends a run."""

    def __init__(self, why: Why, told: str = "", *, most: int | None = None) -> None:
        super().__init__(f"{why} {told}".strip())
        self.overrun = Overrun(why=why, told=told, most=most)


def over_limits(name: str | None, overrun: Overrun, limits: Limits) -> Finding:
    """`file-over-limits`, with which limit it was."""
    inflated = (overrun.most or limits.inflated_bytes) // 1024**2
    zh, en = {
        "time": ("读取耗时过长", "reading it took too long"),
        "memory": (
            f"读取所需内存超过{limits.memory_bytes // MILLION} MB",
            f"reading it takes more than {limits.memory_bytes // MILLION} MB of memory",
        ),
        "crash": ("读取过程异常终止", "it crashed its reader"),
        "inflated": (
            f"内容展开后超过{inflated} MB",
            f"its contents unpack to more than {inflated} MB",
        ),
        "ratio": ("压缩比异常", "its ratio of expansion is abnormal"),
        "pixels": (
            f"图像过大：单幅超过{limits.pixels // MILLION}百万像素，"
            f"或合计超过{limits.file_pixels // MILLION}百万像素",
            f"its pictures are too large (one over {limits.pixels // MILLION} million pixels, or over "
            f"{limits.file_pixels // MILLION} million together)",
        ),
    }[overrun.why]
    return finding("file-over-limits", seen=name or UNNAMED, reason_zh=zh, reason_en=en)
