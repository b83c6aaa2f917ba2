"""The ordered table of the rules: which function raises which findings, and on what it looks.

`tests/test_codes.py` holds this table, the declarations in `reference/findings.py`, the tests and
`docs/findings.md` against each other.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

from reference.model import Finding, Form
from reference.tables.load import ReferenceTables
from validators.facts import RowFacts
from validators.rules import columns, duplicates, form, identity, standards, work_types

RowRule = Callable[[RowFacts, ReferenceTables], Iterator[Finding]]
FormRule = Callable[[Form, ReferenceTables, dt.date], Iterator[Finding]]

ROW_RULES: tuple[tuple[RowRule, tuple[str, ...]], ...] = (
    (
        lambda row, _: identity.code_rules(row),
        ("code-missing", "code-malformed", "code-normalised", "code-unknown", "code-legacy"),
    ),
    (
        lambda row, _: identity.name_rules(row),
        ("name-missing", "name-corrected", "name-ambiguous", "code-name-mismatch", "occupation-unknown"),
    ),
    (lambda row, _: identity.skilled_rule(row), ("not-skilled",)),
    (standards.licensed, ("licensed-occupation",)),
    (work_types.known, ("work-type-unknown", "work-type-elsewhere", "work-type-not-needed")),
    (standards.stated, ("standard-name-missing", "standard-version-missing")),
    (standards.issued, ("standard-not-issued",)),
    (standards.name_agrees, ("standard-name-mismatch",)),
    (standards.version_agrees, ("standard-version-outdated", "standard-version-unknown")),
    (
        columns.shortage_flag,
        (
            "shortage-flag-missing",
            "shortage-flag-invalid",
            "shortage-flag-wrong",
            "shortage-flag-not-checked",
        ),
    ),
    (lambda row, _: columns.industries(row), ("industry-missing", "industry-normalised", "industry-other")),
    (lambda row, _: columns.demand(row), ("demand-missing", "demand-invalid")),
    (lambda row, _: columns.reason(row), ("reason-missing",)),
    (duplicates.catalogue, ("catalogue-duplicate", "catalogue-overlap")),
)
"""Rules that look at one row."""

FORM_RULES: tuple[tuple[FormRule, tuple[str, ...]], ...] = (
    (lambda f, _t, _d: form.columns_rule(f), ("column-missing",)),
    (lambda f, tables, _d: form.unit_rule(f, tables), ("unit-missing", "unit-unknown")),
    (lambda f, _t, _d: form.contact_rules(f), ("contact-missing", "phone-missing", "phone-invalid")),
    (lambda f, _t, day: form.date_rules(f, day), ("form-date-missing", "form-date-after-receipt")),
    (lambda f, _t, _d: form.rows_rules(f), ("form-empty", "priority-order")),
)
"""Rules that look at the form as a whole."""

ELSEWHERE: dict[str, tuple[str, ...]] = {
    "validators.rules.duplicates.form_duplicates": ("form-duplicate",),
    "validators.rules.plausibility.demands": ("demand-implausible",),
    "validators.rules.message": ("window-closed", "received-time-unsure", "no-form", "message-seen"),
    "validators.rules.across_submissions": ("resubmission", "also-recommended", "already-recommended"),
    "validators.assemble": (
        "pdf-missing",
        "word-missing",
        "form-not-found",
        "file-unsupported",
        "seal-missing",
        "seal-unsure",
    ),
    "validators.rules.seal": ("seal-unit-mismatch",),
    "validators.rules.pdf_against_word": ("pdf-word-mismatch", "ocr-unsure"),
    "extractors": (
        "file-unreadable",
        "file-encrypted",
        "file-over-limits",
        "archive-unsafe",
        "message-incomplete",
    ),
}
"""Findings raised where more than one row or form is in view, or while files are read."""
