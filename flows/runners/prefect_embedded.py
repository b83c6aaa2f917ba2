"""`zhengji run` through Prefect: on the server that `PREFECT_API_URL` names, else on one of its own.

The server of its own is Prefect's temporary one (the same application under the same uvicorn), started
here rather than by Prefect for four reasons: it starts while Prefect is imported; it begins with a
migrated database (9.2 s without, 2.4 s with); it ends with this process however that ends; and two runs
at once share no file. Prefect reads its environment while it is imported, therefore nothing here
imports it before that environment stands.
"""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from importlib.metadata import version
from pathlib import Path

from flows.intake.pipeline import RunSummary
from flows.intake.progress import Report
from reference.errors import ServerError
from reference.settings import Settings

NO_TELEMETRY = {
    "DO_NOT_TRACK": "1",  # the library's own events (amplitude), asked on import
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",  # the server's heartbeat
    "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
}
"""Every switch that Prefect 3.8 has for sending anything about its use."""

QUIET = {"PREFECT_LOGGING_LEVEL": "CRITICAL", "PREFECT_LOGGING_TO_API_ENABLED": "false"}
"""The command shows its own progress, and errors reach it as exceptions."""

_SERVER_ONLY = {
    "PREFECT__SERVER_EPHEMERAL": "1",
    "PREFECT__SERVER_FINAL": "1",
    "PREFECT_SERVER_UI_ENABLED": "false",
    "PREFECT_SERVER_REGISTER_BLOCKS_ON_START": "false",
}
_HOST = "127.0.0.1"
LOG = "server.log"
START_SECONDS = 120
"""How long the server may take to answer: a first start on a slow disk migrates its database."""


def run_with_prefect(mailbox: Path, settings: Settings, report: Report) -> RunSummary:
    """Ingest a mailbox export as a Prefect flow.

    Raises:
        ServerError: Prefect's server does not start or does not answer.
        ZhengjiError: whatever the plain composition raises, unchanged.
    """
    with ExitStack() as stack:
        given = os.environ.get("PREFECT_API_URL")
        if given:
            stack.enter_context(_environment(NO_TELEMETRY | QUIET))
            _refuse_silent(given)
            server = None
        else:
            server = stack.enter_context(embedded_server())
        from flows.runners.prefect_flows import run_as_flow  # imported while the server starts

        if server is not None:
            server.wait()
        return run_as_flow(mailbox, settings, report)


class EmbeddedServer:
    """A Prefect server under way in a process of its own, with a home that goes when it goes."""

    def __init__(self, home: Path) -> None:
        """Start it; `wait` before anything is asked of it."""
        self.home = home
        self._template = Path(sys.prefix) / f"prefect-{version('prefect')}-empty.db"
        self._from_template = _copied(self._template, self._database)
        self.port = free_port()
        self._process = _spawn(self.home, self.port)

    @property
    def api_url(self) -> str:
        """What `PREFECT_API_URL` is to be."""
        return f"http://{_HOST}:{self.port}/api"

    @property
    def _database(self) -> Path:
        return self.home / "prefect.db"

    def wait(self) -> None:
        """Return once the server answers.

        Raises:
            ServerError: it does not within two minutes, or it ended.
        """
        if not self._answers() and self._from_template:
            self.stop()  # a template that this Prefect does not like: once more, from nothing
            self._template.unlink(missing_ok=True)
            for file in self.home.glob("prefect.db*"):
                file.unlink()
            self._from_template = False
            self._process = _spawn(self.home, self.port)
            self._answers()
        if self._process.poll() is not None or not healthy(self.port):
            said = (self.home / LOG).read_text(errors="replace").strip().splitlines()
            raise ServerError(
                f"Prefect's embedded server did not start ({said[-1] if said else 'it said nothing'}).",
                "Use `zhengji run --plain`, or name a server in PREFECT_API_URL.",
            )
        if not self._from_template:
            _keep_template(self._database, self._template)

    def stop(self) -> None:
        """End the process. It has nothing to save: its home is thrown away."""
        self._process.kill()
        self._process.wait()
        if self._process.stdin:
            self._process.stdin.close()

    def _answers(self) -> bool:
        deadline = time.monotonic() + START_SECONDS
        while self._process.poll() is None and time.monotonic() < deadline:
            if healthy(self.port):
                return True
            time.sleep(0.03)
        return False


@contextmanager
def embedded_server() -> Iterator[EmbeddedServer]:
    """A server for one run, and the environment by which Prefect finds it."""
    home = Path(tempfile.mkdtemp(prefix="zhengji-prefect-"))
    try:
        server = EmbeddedServer(home)
        try:
            found_by = {"PREFECT_HOME": str(home), "PREFECT_API_URL": server.api_url}
            with _environment(NO_TELEMETRY | QUIET | found_by | {"NO_PROXY": _without_proxy()}):
                yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _spawn(home: Path, port: int) -> subprocess.Popen[bytes]:
    """Start the server; it ends when its standard input does, and so never outlives this process."""
    script = Path(__file__).with_name("prefect_server.py")
    with (home / LOG).open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-P", str(script), "--factory", "prefect.server.api.server:create_app",
             "--host", _HOST, "--port", str(port), "--log-level", "error", "--lifespan", "on"],
            env={**os.environ, **NO_TELEMETRY, **QUIET, **_SERVER_ONLY, "PREFECT_HOME": str(home)},
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is for the run, which then tells the server
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )  # fmt: skip


def healthy(port: int) -> bool:
    """Whether the server answers; asked past any proxy."""
    with closing(http.client.HTTPConnection(_HOST, port, timeout=5)) as connection:
        try:
            connection.request("GET", "/api/health")
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False


def _refuse_silent(api_url: str) -> None:
    """Any answer of the named server will do, a demand for a key included."""
    try:
        urllib.request.urlopen(f"{api_url.rstrip('/')}/health", timeout=10).close()
    except urllib.error.HTTPError:
        return
    except (OSError, ValueError) as error:
        raise ServerError(
            f"no Prefect server answers at PREFECT_API_URL={api_url} ({error}).",
            "Start it with `prefect server start`, or unset the variable.",
        ) from None


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with closing(socket.socket()) as probe:
        probe.bind((_HOST, 0))
        return int(probe.getsockname()[1])


def _copied(template: Path, database: Path) -> bool:
    """Begin with the migrated database of an earlier start, where there is one."""
    try:
        shutil.copyfile(template, database)
    except OSError:
        return False
    return True


def _keep_template(database: Path, template: Path) -> None:
    """Keep the migrated, still empty database in the environment's folder for later starts.

    It goes with the environment and with Prefect's version; where that folder is read-only every start
    migrates anew.
    """
    draft = template.with_suffix(f".{os.getpid()}")
    with suppress(OSError, sqlite3.Error):
        with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(draft)) as target:
            source.backup(target)
        draft.replace(template)
    with suppress(OSError):
        draft.unlink(missing_ok=True)


def _without_proxy() -> str:
    """The hosts that are asked without a proxy, this machine's own among them."""
    named = os.environ.get("NO_PROXY") or os.environ.get("no_proxy")
    return ",".join(filter(None, (named, _HOST, "localhost")))


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    """Set environment variables for a while."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
