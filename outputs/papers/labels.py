"""What the reports call things: Chinese, with English beside it where it is asked for."""

from __future__ import annotations

from typing import Literal

from outputs.store.stored import FindingView

Lang = Literal["zh", "en"]
Pair = tuple[str, str]

STATES: dict[str, Pair] = {
    "open": ("未处理", "open"),
    "upheld": ("维持", "upheld"),
    "waived": ("豁免", "waived"),
    "corrected": ("已更正", "corrected"),
}
RUN_STATES: dict[str, Pair] = {
    "complete": ("完整", "complete"),
    "faults": ("完成，但有程序故障", "done, with faults of the program"),
    "interrupted": ("中断，请再次运行", "interrupted, run it again"),
    "running": ("运行中", "running"),
}
FILE_STATES: dict[str, Pair] = {
    "read": ("已读", "read"),
    "unread": ("扫描件，未读", "a scan, not read"),
    "refused": ("未接受", "refused"),
    "unreadable": ("无法读取", "unreadable"),
    "recorded": ("已登记", "recorded"),
}
TABLES: dict[str, Pair] = {
    "dictionary": ("职业分类大典", "dictionary"),
    "occupation_groups": ("大典的大类、中类、小类", "occupation_groups"),
    "new_occupations": ("新公布的职业", "new_occupations"),
    "standards": ("国家职业标准", "standards"),
    "catalogue": ("征集遴选职业（工种）目录", "catalogue"),
    "licences": ("国家职业资格目录", "licences"),
    "work_types": ("工种", "work_types"),
    "legacy_codes": ("旧版职业编码", "legacy_codes"),
    "former_names": ("曾用名称", "former_names"),
    "industries": ("产业类别", "industries"),
    "units": ("推荐单位", "units"),
    "shortage": ("急需紧缺职业目录", "shortage"),
    "lookalikes": ("形近字", "lookalikes"),
}
"""The reference tables; in English by the names under which they lie and are imported."""
TONES_OF_STAGE = {"office": "review", "sender": "correct", "accepted": "accepted", "refused": "reject"}
TONES_OF_ITEM = {
    "accepted": "accepted",
    "pending": "note",
    "needs_review": "review",
    "needs_correction": "correct",
    "rejected": "reject",
}
"""Tones of `outputs.layout.excel_sheets.TONES` by where a submission, and where a row, stands."""


class Words:
    """Chinese, with English beside it where it is asked for."""

    def __init__(self, lang: Lang) -> None:
        self.lang = lang

    def __call__(self, zh: str, en: str) -> str:
        """One wording out of both."""
        return f"{zh} {en}" if self.lang == "en" and en not in zh else zh

    def pair(self, pair: Pair) -> str:
        """The same for a pair of wordings."""
        return self(*pair)

    def sentence(self, view: FindingView) -> str:
        """What a finding says to its reader."""
        finding = view.finding
        return f"{finding.message_zh}\n{finding.message_en}" if self.lang == "en" else finding.message_zh
