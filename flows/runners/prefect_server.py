"""The process of the embedded Prefect server: uvicorn with the arguments given, until standard input ends.

Run as a file by `flows.runners.prefect_embedded`, so that it starts with nothing of the intake imported. The
pipe to its standard input closes when the process that started it ends, however that ends.
"""

from __future__ import annotations

import os
import runpy
import shutil
import sys
import threading


def main() -> None:
    """Serve; the process ends with its parent."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    runpy.run_module("uvicorn", run_name="__main__", alter_sys=True)


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    shutil.rmtree(os.environ["PREFECT_HOME"], ignore_errors=True)  # made for this run alone
    os._exit(0)


if __name__ == "__main__":
    main()
