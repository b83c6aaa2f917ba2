"""Reading text from pictures by RapidOCR (PP-OCR on onnxruntime); the only module that imports it.

The models lie in its wheel: nothing is fetched. They are loaded when the first picture is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy

from extractors.picture.raster import Pixels
from reference.model import Box

_IN_ITS_THREAD = ThreadPoolExecutor(1, "recognition").submit
"""The engine has a thread of its own, since it changes how its thread reckons: see `_tune_sessions`."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The text of a strip of a picture, and how sure the engine is, 0 to 1."""

    text: str
    confidence: float


def text_boxes(pixels: Pixels) -> list[Box]:
    """The boxes of the lines of text on a picture, in its pixels."""
    found = _IN_ITS_THREAD(lambda: _engine()(pixels, use_det=True, use_cls=False, use_rec=False)).result()
    if found.boxes is None:
        return []
    return [
        (float(xs.min()), float(ys.min()), float(xs.max()), float(ys.max()))
        for xs, ys in ((c[:, 0], c[:, 1]) for c in numpy.asarray(found.boxes))
    ]


def read_strips(strips: Sequence[Pixels]) -> list[Reading]:
    """The text of each strip, one line of text each."""
    if not strips:
        return []
    found = _IN_ITS_THREAD(lambda: _engine().recognize_txt(list(strips))).result()
    return [Reading(text, float(score)) for text, score in zip(found.txts, found.scores, strict=True)]


@cache
def _engine() -> Any:
    from rapidocr import RapidOCR  # onnxruntime and its models take a second to load

    _tune_sessions()
    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_cls": False,
            "Global.max_side_len": 2600,
            # strips are padded to the widest of their batch, not to 320 pixels: most cells are short
            "Rec.rec_img_shape": [3, 48, 64],
            "EngineConfig.onnxruntime.intra_op_num_threads": 2,
        }
    )


def _tune_sessions() -> None:
    """Set what RapidOCR has no setting for.

    A thread that waits for its share of a picture sleeps: spinning, it takes a core from whoever has work
    (two readers on two cores: 22 s of CPU for two pages spinning, 15 asleep). Numbers too small to be
    told from nought are nought: processors take a hundred times as long for each, and the detector meets
    many (a page: 2.0 s of CPU with them, 1.0 without, and the same boxes to the last bit). The thread that
    makes or runs a session reckons so from then on.
    """
    from rapidocr.inference_engine.onnxruntime.main import OrtInferSession

    sessions: Any = OrtInferSession
    options_by_settings = sessions._init_sess_opts

    def options(settings: Any) -> Any:
        options = options_by_settings(settings)
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.add_session_config_entry("session.set_denormal_as_zero", "1")
        return options

    sessions._init_sess_opts = staticmethod(options)
