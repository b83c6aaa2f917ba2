"""Scans in every coding are read alike; what cannot be drawn costs itself, in bounded time and memory."""

from __future__ import annotations

import io
import resource
import time
from collections.abc import Callable

import numpy
import pytest
from PIL import Image

from extractors.pdf.form import read_pdf
from extractors.picture.raster import Pixels, pictures
from reference.settings import Limits
from tests.extractors import picture_samples as samples
from tests.extractors.scan.test_page import ROWS, cells, printed

__all__ = ["printed"]


CODINGS = [samples.jpeg_2000, samples.cmyk, samples.fax, samples.jbig2]


@pytest.mark.parametrize("coded", CODINGS)
def test_each_coding_is_drawn_as_it_was_printed(
    coded: Callable[[Image.Image], bytes], printed: Pixels
) -> None:
    (drawn,) = pictures(coded(Image.fromarray(printed)), (1,), 200)
    ink = printed < 160
    seen = drawn.pixels[: ink.shape[0], : ink.shape[1]] < 160
    assert (seen != ink).sum() < 0.2 * ink.sum()  # edges alone: the page is drawn a pixel wider


@pytest.mark.parametrize(
    "coded",
    [pytest.param(coded, marks=[pytest.mark.nightly] * (coded is not samples.fax)) for coded in CODINGS],
)
def test_each_coding_is_read(coded: Callable[[Image.Image], bytes], printed: Pixels) -> None:
    assert cells(coded(Image.fromarray(printed))) == ROWS


def jpeg(pixels: Pixels) -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG")
    return out.getvalue()


def broken_jpeg(pixels: Pixels) -> bytes:
    size = (pixels.shape[1], pixels.shape[0])
    entries = "/Filter /DCTDecode", "/ColorSpace /DeviceRGB", "/BitsPerComponent 8"
    return samples.pdf_of(b"\xff\xd8 no picture at all", size, *entries)


BLANK = numpy.full((1654, 2339, 3), 255, numpy.uint8)


@pytest.mark.parametrize(
    ("how", "data"),
    [
        ("blank page", lambda: samples.fax(Image.fromarray(BLANK))),
        ("20,000 pixels", lambda: samples.bomb(20_000)),
        ("2.5 gigapixels", lambda: samples.bomb(50_000)),
        ("looping page tree", lambda: samples.looping_pages(jpeg(BLANK), (2339, 1654))),
        ("no picture at all", lambda: broken_jpeg(BLANK)),
    ],
)
def test_a_hostile_picture_costs_little(how: str, data: Callable[[], bytes]) -> None:
    file = data()
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    reading = read_pdf(file, "f", "scan.pdf", Limits())
    assert reading.form is None
    assert time.process_time() - began < 20
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 1_200_000  # kilobytes
    assert reading.scanned_pages or reading.findings


def test_a_picture_of_gigapixels_is_not_unpacked() -> None:
    assert list(pictures(samples.bomb(50_000), (1,), 72)) == []
