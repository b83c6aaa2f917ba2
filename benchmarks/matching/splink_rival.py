"""Splink on DuckDB: unsupervised record linkage of the rows with the occupations, by code and name."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import pyarrow
import splink.comparison_library as compare
from splink import Linker, SettingsCreator
from splink.internals.duckdb.database_api import DuckDBAPI

from benchmarks.matching.cases import Case
from benchmarks.matching.rivals import Answer
from reference.tables.load import ReferenceTables
from reference.text import fold

SURE = 0.95
"""Match probability from which a link is taken."""


def splink(cases: Sequence[Case], tables: ReferenceTables) -> list[Answer]:
    """Parameters by random sampling and expectation maximisation on the data itself; every pair compared."""
    logging.getLogger("splink").setLevel(logging.ERROR)
    rows = [
        {"unique_id": str(at), "name": fold(case.stated.name or "") or None, "code": case.stated.code}
        for at, case in enumerate(cases)
    ]
    known = [{"unique_id": one.code, "name": fold(one.name), "code": one.code} for one in tables.occupations]
    found: dict[int, list[tuple[float, str]]] = defaultdict(list)
    for pair in _linked(rows, known):
        sides = (pair["unique_id_l"], pair["unique_id_r"])
        code = next(side for side in sides if "-" in side)
        at = next(side for side in sides if "-" not in side)
        found[int(at)].append((pair["match_probability"], code))
    return [_answer(sorted(found[at], reverse=True)) for at in range(len(cases))]


def _linked(rows: list[dict[str, Any]], known: list[dict[str, Any]]) -> list[dict[str, Any]]:
    database = DuckDBAPI()
    tables = [
        database.register(pyarrow.Table.from_pylist(rows), dataset_display_name="rows"),
        database.register(pyarrow.Table.from_pylist(known), dataset_display_name="occupations"),
    ]
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[
            compare.DamerauLevenshteinAtThresholds("name", [1, 2]),
            compare.DamerauLevenshteinAtThresholds("code", [1]),
        ],
        blocking_rules_to_generate_predictions=["1=1"],
        probability_two_random_records_match=1 / len(known),
    )
    linker = Linker(tables, settings, log_level=logging.ERROR)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for same in ("l.code = r.code", "l.name = r.name"):
        linker.training.estimate_parameters_using_expectation_maximisation(same)
    linked: list[dict[str, Any]] = linker.inference.predict(threshold_match_probability=0.01).as_record_list()
    return linked


def _answer(ranked: list[tuple[float, str]]) -> Answer:
    sure = bool(ranked) and ranked[0][0] >= SURE
    return Answer(tuple(code for _, code in ranked[:3]), ranked[0][1] if sure else None)
