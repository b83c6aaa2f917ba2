"""The engine that reads pictures: how it uses the machine."""

from __future__ import annotations

import numpy
import pytest

from extractors.picture import ocr


@pytest.mark.parametrize(
    ("entry", "value"), [("session.intra_op.allow_spinning", "0"), ("session.set_denormal_as_zero", "1")]
)
def test_models_are_run_as_is_set(entry: str, value: str) -> None:
    """RapidOCR has no setting for it: it is written into the options that it makes for its models."""
    ocr.read_strips([numpy.full((48, 64, 3), 255, numpy.uint8)])
    options = ocr._engine().text_rec.session.session.get_session_options()
    assert options.get_session_config_entry(entry) == value


def test_who_has_a_picture_read_reckons_as_before() -> None:
    ocr.text_boxes(numpy.full((64, 64, 3), 255, numpy.uint8))
    smallest = float(numpy.finfo(numpy.float64).smallest_subnormal)
    assert smallest + smallest > 0
