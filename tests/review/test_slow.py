"""Senders that dawdle are let go: a slow one must not hold a place for ever."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from review import headers, server

SOON = 0.4
HEAD = b"POST /language HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "HEAD_SECONDS", SOON)
    monkeypatch.setattr(headers, "SILENCE", SOON)
    monkeypatch.setattr(headers, "LONGEST_BODY", 3 * SOON)


@pytest.fixture
def line(impatient: None, address: str) -> Iterator[socket.socket]:
    """A connection to the page."""
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=10) as made:
        yield made


def trickled(line: socket.socket, data: bytes) -> tuple[bytes, float]:
    """What came back on bytes sent one by one, and after how long the other end closed the line."""
    began, line_timeout = time.monotonic(), SOON / 8
    line.settimeout(line_timeout)
    came = b""
    for n in range(1000):
        try:
            line.sendall(data[n % len(data) :][:1])
            if (piece := line.recv(65536)) == b"":
                break
            came += piece
        except TimeoutError:
            continue
        except OSError:
            break
    return came, time.monotonic() - began


@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "])
def test_a_head_that_does_not_come_is_not_waited_for(sent: bytes, line: socket.socket) -> None:
    line.sendall(sent)
    came, took = trickled(line, b"x") if sent else (line.recv(1), 0.0)
    assert came == b""
    assert took < 20 * SOON


def test_nor_is_the_next_one_on_the_same_line(line: socket.socket) -> None:
    line.sendall(b"GET /static/mark.svg HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    assert line.recv(65536).startswith(b"HTTP/1.1 200")
    line.sendall(b"GET / HTTP/1.1\r\n")
    _, took = trickled(line, b"X")
    assert took < 20 * SOON


@pytest.mark.parametrize("trickle", [b"", b"token=x"])
def test_a_body_that_does_not_come_is_refused_in_a_sentence(trickle: bytes, line: socket.socket) -> None:
    line.sendall(HEAD + b"Content-Length: 1000\r\n\r\ntoken=")
    came, took = trickled(line, trickle) if trickle else (line.recv(65536), 0.0)
    assert came.startswith(b"HTTP/1.1 408")
    assert took < 20 * SOON


def test_a_head_without_end_is_cut_off(line: socket.socket) -> None:
    line.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n" + b"X-Long: " + b"x" * server.MOST_HEAD)
    assert line.recv(65536).startswith(b"HTTP/1.1 400")
