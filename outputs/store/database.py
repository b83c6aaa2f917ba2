"""The DuckDB file: opening it in turn, migrating it, reading and writing rows. The door to duckdb.

One process writes a DuckDB file at a time, and nobody else may hold it open meanwhile: connections are
short, and who comes second waits.
"""

from __future__ import annotations

import datetime as dt
import errno
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import duckdb

from outputs.store.turn import STEP_SECONDS, busy, turn_at
from reference.errors import MachineError, StoreError, machine_error

MIGRATIONS = Path(__file__).parent / "migrations"
_HELD = re.compile(
    r"could not set lock on file|different configuration|being used by another process|file handle conflict",
    re.IGNORECASE,
)
_SHARING_VIOLATION = 32
"""What Windows calls a file that another process holds, in whatever language it says so."""

_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")

Row = dict[str, Any]

_WATCHERS: list[Callable[[str], None]] = []


@contextmanager
def watched(watcher: Callable[[str], None]) -> Iterator[None]:
    """Tell each statement of this process before it is run, for a while: to trace it, or to fail there."""
    _WATCHERS.append(watcher)
    try:
        yield
    finally:
        _WATCHERS.remove(watcher)


class Database:
    """An open connection; a context manager that closes it."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, path: Path, turn: ExitStack | None = None
    ) -> None:
        """Wrap a connection; `turn` ends once it is closed."""
        self._connection = connection
        self._path = path
        self._turn = turn or ExitStack()
        self._columns: dict[str, dict[str, str]] = {}
        self._in_transaction = False

    def __enter__(self) -> Database:
        """Give the open connection."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file for others to open."""
        try:
            self._connection.close()
        finally:
            self._turn.close()

    def rows(self, sql: str, *values: object) -> list[Row]:
        """The rows of a query as dictionaries; `?` stands for each value."""
        cursor = self._run(sql, [_bindable(value) for value in values])
        names = [column[0] for column in cursor.description or ()]
        with _told(self._path):
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def value(self, sql: str, *values: object) -> Any:
        """The first column of a query's first row; None where there is none."""
        cursor = self._run(sql, [_bindable(value) for value in values])
        with _told(self._path):
            row = cursor.fetchone()
        return row[0] if row else None

    def execute(self, sql: str, *values: object) -> None:
        """Run a statement."""
        self._run(sql, [_bindable(value) for value in values])

    def write_parquet(self, sql: str, path: Path, *values: object) -> None:
        """Write a query's rows to a Parquet file."""
        with _told(path), self._connection.cursor() as cursor:
            cursor.sql(sql, params=[_bindable(value) for value in values]).write_parquet(str(path))

    def copy_into(self, path: Path) -> None:
        """Write all tables with their rows, in their order, into a new database file."""
        own = self.value("select current_database()")
        with _told(path):
            self._connection.execute(f"attach {_quoted(str(path))} as copied")
            self._connection.execute(f'copy from database "{own}" to copied')
            self._connection.execute("checkpoint copied")
            self._connection.execute("detach copied")

    def insert(self, table: str, rows: Sequence[Mapping[str, object]]) -> None:
        """Insert rows of one shape in a single statement: a column at a time, ten times as fast as row
        by row."""
        if not rows:
            return
        types = self._types(table)
        columns = list(rows[0])
        named = ", ".join(f'"{column}"' for column in columns)
        lists = ", ".join(f"unnest(?::{types[column]}[])" for column in columns)
        sql = f'insert into "{table}" ({named}) select {lists}'
        self._run(sql, [[_bindable(row[column]) for row in rows] for column in columns])

    def _types(self, table: str) -> dict[str, str]:
        """A table's column types, asked for once; `information_schema` takes thirty times as long to tell."""
        if table not in self._columns:
            with _told(self._path):
                described = self._connection.table(table)
            self._columns[table] = dict(zip(described.columns, map(str, described.types), strict=True))
        return self._columns[table]

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; one inside another is a part of it."""
        if self._in_transaction:
            yield
            return
        self._run("begin")
        self._in_transaction = True
        try:
            yield
            self._run("commit")
        except BaseException:
            with suppress(duckdb.Error):  # what failed badly enough has rolled itself back
                self._connection.execute("rollback")
            raise
        finally:
            self._in_transaction = False

    def _run(self, sql: str, values: Sequence[object] = ()) -> duckdb.DuckDBPyConnection:
        for watcher in _WATCHERS:
            watcher(sql)
        with _told(self._path):
            return self._connection.execute(sql, values)


def open_database(path: Path, *, wait_seconds: float, read_only: bool = False) -> Database:
    """Open a database, waiting for its turn; a writer creates and migrates it.

    Raises:
        StoreBusyError: somebody else held it for all of `wait_seconds`.
        StoreError: it cannot be opened, is damaged, is no database of ours, or is of a newer version.
        MachineError: there is no room for it, or its folder cannot be written.
    """
    if read_only and not path.exists():
        raise StoreError(f"no database at {path}.", "Run `zhengji run MAILBOX` first, or name it with --db.")
    if not read_only and not _there(path):
        _create(path)
    database = _in_turn(path, wait_seconds, read_only)
    try:
        database.execute("set TimeZone = 'Asia/Shanghai'")
        migrate(database, path, read_only)
    except BaseException:
        database.__exit__()
        raise
    return database


def copy_database(path: Path, target: Path, *, wait_seconds: float) -> None:
    """Copy a database, as it is in one moment between two writers, into a new file; whole or not at all.

    Every row is read and written anew: what is damaged is met, and what was deleted is not in the copy.

    Raises:
        StoreError: it is damaged, or cannot be opened; see `open_database`.
        MachineError: there is no room for the copy.
    """
    part = target.with_name(f".{target.name}.part")
    part.unlink(missing_ok=True)
    try:
        with open_database(path, wait_seconds=wait_seconds) as database:
            database.copy_into(part)
        part.replace(target)
    finally:
        with suppress(OSError):
            for rest in (part, part.with_name(f"{part.name}.wal")):
                rest.unlink(missing_ok=True)


def schema_of(database: Database) -> int:
    """The number of the last migration that was applied."""
    return int(database.value("select max(version) from schema_versions"))


def newest_schema() -> int:
    """The number of the last migration that this version has."""
    return max(int(step.name.split("_")[0]) for step in MIGRATIONS.glob("*.sql"))


def _in_turn(path: Path, wait_seconds: float, read_only: bool) -> Database:
    """An open connection, which has its turn until it is closed."""
    turn, deadline = turn_at(path), time.monotonic() + wait_seconds
    with ExitStack() as stack:
        stack.enter_context(turn.read(wait_seconds) if read_only else turn.write(wait_seconds))
        if not read_only:
            stack.callback(turn.wrote)
        while (connection := connected(path, read_only)) is None:
            if time.monotonic() > deadline:
                raise busy(path, wait_seconds)
            time.sleep(STEP_SECONDS)
            if read_only:  # a writer was faster
                turn.gate(deadline, wait_seconds)
        return Database(connection, path, stack.pop_all())
    raise AssertionError  # unreachable: nothing above swallows an exception


def connected(path: Path, read_only: bool, name: Path | None = None) -> duckdb.DuckDBPyConnection | None:
    """A bare connection, for `Database`; None while others hold the file. Errors tell its `name`."""
    try:
        return duckdb.connect(str(path), read_only=read_only)
    except duckdb.Error as error:
        if _held(error, path):
            return None
        raise _fault(error, name or path) or _no_database(error, name or path) from None


def _there(path: Path) -> bool:
    """Whether there is a database; a file of no bytes is what an earlier version left on a full disk."""
    return path.exists() and (not path.is_file() or path.stat().st_size > 0)


def _create(path: Path) -> None:
    """Make a database elsewhere and put it in place whole.

    On a full disk, or when the process is killed, nothing is left that can neither be opened nor made anew.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _told(path), closing(duckdb.connect(str(part))) as connection:
            migrate(Database(connection, part), part, read_only=False)
            connection.execute("checkpoint")
        if path.exists():
            part.replace(path)
        else:
            with suppress(FileExistsError):  # another process made it meanwhile
                os.link(part, path)
    except OSError as error:
        raise machine_error(error, f"the database {path} cannot be made") from error
    finally:
        with suppress(OSError):
            for rest in (part, part.with_name(f"{part.name}.wal")):
                rest.unlink(missing_ok=True)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """What DuckDB raises for a full disk, a damaged file or want of memory as an error of ours.

    Its other errors are faults of this program and stay as they are. Ctrl+C in the middle of a statement, of
    which it makes an error of its own, is Ctrl+C again.
    """
    try:
        yield
    except RuntimeError as error:
        if str(error) != "Query interrupted":
            raise
        raise KeyboardInterrupt from error
    except duckdb.Error as error:
        fault = _fault(error, path)
        if fault is None:
            raise
        raise fault from error


_SYSTEM_WORDS = {
    os.strerror(number).lower(): number
    for number in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO)
}
_DAMAGED = re.compile(r"corrupt|checksum|could not read|replaying wal|deserializ|invalidated", re.IGNORECASE)


def _fault(error: duckdb.Error, path: Path) -> StoreError | MachineError | None:
    """The error as one of ours; None for a fault of the program. DuckDB tells causes in words alone."""
    said = " ".join(str(error).split())
    number = next((number for words, number in _SYSTEM_WORDS.items() if words in said.lower()), None)
    if number == errno.EIO or (number is None and _DAMAGED.search(said)):
        remedy = f"Restore the last backup: zhengji restore FOLDER --db {path} --yes."
        if "wal" in said.lower():  # written since the last checkpoint alone
            remedy = f"{remedy[:-1]}; or move {path}.wal away, and what was written last is lost."
        return StoreError(f"the database {path} is damaged ({said[:120]}).", remedy)
    if number is not None and not isinstance(error, duckdb.ProgrammingError):
        refused = OSError(number, os.strerror(number))
        return machine_error(refused, f"the database {path} cannot be read or written")
    if isinstance(error, duckdb.OutOfMemoryException):
        return machine_error(
            OSError(errno.ENOMEM, os.strerror(errno.ENOMEM)), f"the database {path} is large"
        )
    if isinstance(error, duckdb.IntegrityError):
        return StoreError(f"the database {path} contradicts itself ({said[:120]}).", "See `zhengji audit`.")
    return None


def _no_database(error: duckdb.Error, path: Path) -> StoreError:
    reached = isinstance(error, duckdb.IOException | duckdb.ConnectionException)
    said = "cannot be opened as a database" if reached else "is no database"
    return StoreError(f"{path} {said}.", "Name another file with --db, or restore the last backup.")


def _held(error: Exception, path: Path) -> bool:
    """Whether DuckDB refused because another process, or another mode in this one, holds the file.

    DuckDB has one error class for every refusal, so its words decide; Windows words them in the language
    of the desk, so there the file itself is asked.
    """
    if _HELD.search(str(error)):
        return True
    if os.name != "nt":  # elsewhere, closing another handle would drop this process's own locks
        return False
    try:
        path.open("rb").close()
    except OSError as refused:
        return getattr(refused, "winerror", None) == _SHARING_VIOLATION
    return False


def _quoted(text: str) -> str:
    """A text as SQL writes it, for statements that bind no values."""
    return "'" + text.replace("'", "''") + "'"


def _bindable(value: object) -> object:
    """A value as DuckDB takes it: bytes that were no text (lone surrogates) become U+FFFD."""
    if isinstance(value, str):
        return value if value.isascii() else _LONE_SURROGATE.sub("\ufffd", value)
    if isinstance(value, list):
        return [_bindable(one) for one in value]
    if isinstance(value, dict):
        return {name: _bindable(one) for name, one in value.items()}
    return value


def _version(database: Database) -> int | None:
    """The schema's version; None where there is no table of it, which costs a third of opening to look up."""
    try:
        return int(database.value("select max(version) from schema_versions") or 0)
    except duckdb.CatalogException:
        return None


def migrate(database: Database, path: Path, read_only: bool) -> None:
    """Bring the schema up to date by the numbered files, each in its transaction."""
    steps = sorted(MIGRATIONS.glob("*.sql"))
    done = _version(database)
    ours = done is not None
    if done is None and database.value("select count(*) from information_schema.tables"):
        raise StoreError(f"{path} is a database of another program.", "Name another file with --db.")
    done = done or 0
    newest = int(steps[-1].name.split("_")[0])
    if done > newest:
        raise StoreError(f"{path} was written by a newer version (schema {done}).", "Update zhengji.")
    if done < newest and read_only:
        raise StoreError(
            f"{path} has an earlier schema ({done}).",
            "Run `zhengji run` once; it migrates.",
            zh=f"数据库由旧版本写成（结构{done}）。请运行一次 zhengji run，数据库即随之升级。",
        )
    for step in steps[done:]:
        with database.transaction():
            if not ours:
                database.execute("create table schema_versions (version integer, applied_at timestamptz)")
                ours = True
            database.execute(step.read_text(encoding="utf-8"))
            version = int(step.name.split("_")[0])
            database.execute("insert into schema_versions values (?, ?)", version, dt.datetime.now(tz=dt.UTC))
