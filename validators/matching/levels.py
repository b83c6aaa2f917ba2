"""What the fields and levels of a comparison are called, Chinese then English (docs/matching.md)."""

from __future__ import annotations

FIELDS: dict[str, tuple[str, str]] = {
    "code": ("编码", "code"),
    "occupation": ("职业名称", "occupation"),
    "work_type": ("工种", "work type"),
    "standard_name": ("标准名称", "standard"),
    "standard_version": ("标准版本", "version"),
}
LEVELS: dict[str, tuple[str, str]] = {
    "missing": ("未填", "missing"),
    "exact": ("相同", "exact"),
    "folded": ("整理后相同", "exact after folding"),
    "former": ("旧称", "older name"),
    "work type": ("为其工种", "work type"),
    "legacy": ("旧版编码", "earlier edition"),
    "near": ("差一位", "one digit off"),
    "order": ("次序不同", "another order"),
    "sound": ("音近", "near by sound"),
    "shape": ("形近", "near by shape"),
    "title": ("师员工之别", "other title"),
    "edit": ("字近", "near by edits"),
    "own": ("相符", "its own"),
    "none": ("不符", "none"),
}
"""The levels of every comparison, as docs/matching.md explains them."""
