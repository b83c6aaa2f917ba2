"""Guards against files that unpack to far more than they are, or lead nowhere: told in seconds, by name."""

from __future__ import annotations

import time

import pytest
from pdfminer import pdffont

from extractors.pdf.form import read_pdf
from extractors.pdf.guards import MOST_WIDTHS
from extractors.picture.coded_size import coded_pixels
from reference.settings import Limits
from tests.extractors import hostile

LIMITS = Limits(inflated_bytes=8 * 1024**2)


@pytest.mark.parametrize("what", hostile.OVER)
def test_what_unpacks_to_too_much_is_over_the_limits(what: str) -> None:
    data = hostile.OVER[what]()
    began = time.process_time()
    reading = read_pdf(data, "f", "推荐表.pdf", LIMITS)
    assert [found.code for found in reading.findings] == ["file-over-limits"]
    assert time.process_time() - began < 10


@pytest.mark.parametrize("what", hostile.CIRCLES)
def test_references_in_a_circle_come_to_an_end(what: str) -> None:
    began = time.process_time()
    reading = read_pdf(hostile.CIRCLES[what], "f", "推荐表.pdf", LIMITS)
    assert reading.form is None
    assert time.process_time() - began < 5


@pytest.mark.parametrize("code", [hostile.jpeg_of, hostile.jpeg_2000_of, hostile.jbig2_of])
def test_a_picture_says_how_large_it_is(code: object) -> None:
    assert callable(code)
    assert coded_pixels(code(300, 200)) == 60_000
    for end in range(60):
        assert coded_pixels(code(300, 200)[:end]) in (0, 60_000)


def test_widths_of_a_font_stop_where_no_font_has_characters() -> None:
    """`extractors.pdf.guards` stands before pdfminer's own functions, whose answers stay as they are."""
    assert pdffont.get_widths([1, [500, 600], 7, 9, 250, 20, 20, 1]) == {
        1: 500, 2: 600, 7: 250, 8: 250, 9: 250, 20: 1,
    }  # fmt: skip
    assert pdffont.get_widths2([5, 6, 1, 2, 3]) == {5: (1, (2, 3)), 6: (1, (2, 3))}
    for ends in ([0, 10**12], [-(10**12), 10**12]):
        assert len(pdffont.get_widths([*ends, 500, *ends, 600, 3, 4, 5])) < 2 * MOST_WIDTHS
        assert len(pdffont.get_widths2([*ends, 1, 2, 3])) < 2 * MOST_WIDTHS
