"""How a process that judges batches for a run begins.

It is started by what `ProcessPoolExecutor` calls in it first. That stands here and not in
`flows.runners.prefect_flows`, since each process imports the module that it stands in: Prefect takes one and
a half seconds of CPU.
"""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import os
import signal
import threading


def serve_the_run() -> None:
    """Leave Ctrl-C to the run, which tells a worker to go, and go by itself when the run is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    run = multiprocessing.parent_process()
    if run is not None:
        threading.Thread(target=_end_with, args=(run.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    multiprocessing.connection.wait([sentinel])
    os._exit(1)
