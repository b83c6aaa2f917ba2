"""The engine that reads pictures: how it uses the machine."""

from __future__ import annotations

import numpy

from extractors import ocr


def test_threads_that_wait_sleep() -> None:
    """RapidOCR has no setting for it: it is written into the options that it makes for its models."""
    ocr.read_strips([numpy.full((48, 64, 3), 255, numpy.uint8)])
    options = ocr._engine().text_rec.session.session.get_session_options()
    assert options.get_session_config_entry("session.intra_op.allow_spinning") == "0"
