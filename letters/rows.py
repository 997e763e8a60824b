"""Rows written and read with statements that are built once.

Django builds every statement anew, which costs several times what the database needs to run it. A signature reads three rows
and writes seven, and many may sign at once: there, in the outbox and in the record, it is done here. Same columns, same
conversions, same constraints as the models'; no parent models, no signals, no expressions as values.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

Row = TypeVar("Row", bound=models.Model)
Part = TypeVar("Part")
Converters = tuple[tuple[int, Callable[..., Any], Any], ...]
_waiting: ContextVar[list[models.Model] | None] = ContextVar("rows_waiting", default=None)


def _connection() -> BaseDatabaseWrapper:
    return connections[DEFAULT_DB_ALIAS]


@cache
def _insertion(
    model: Any, vendor: str | None, keyed: bool = False
) -> tuple[str, str, tuple[models.Field, ...]]:
    """The statement, what it gives back, and the fields whose values it takes; with ``keyed`` the key is one of them."""
    fields = tuple(field for field in model._meta.local_concrete_fields if keyed or not field.primary_key)
    quote = _connection().ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({places})"
    return statement, f" RETURNING {quote(model._meta.pk.column)}", fields


def insert(row: Row) -> Row:
    """Writes a new row, as ``save(force_insert=True)`` does. Raises ``IntegrityError`` as that does. Within ``together``
    the row waits, and has no key but one that was reserved for it."""
    waiting = _waiting.get()
    if waiting is None:
        return insert_now(row)
    waiting.append(row)
    return row


def insert_now(row: Row) -> Row:
    """Writes a new row, also within ``together``: for one whose key others hold, unless a key is in reserve for it."""
    waiting = _waiting.get()
    if waiting is not None and row.pk is not None:
        waiting.append(row)
    else:
        _write(row, "")
    return row


def insert_or_leave(row: models.Model) -> bool:
    """Writes a new row unless one that a constraint forbids beside it stands already (it waits for a transaction that is
    just writing one); whether it was written."""
    return _write(row, " ON CONFLICT DO NOTHING")


def insert_many(rows: Iterable[models.Model]) -> None:
    """Writes many new rows of one model, whose keys nobody asks for: as ``bulk_create`` does, without a statement that names
    each value, which for rows of few columns costs several times what the database needs."""
    found = list(rows)
    if not found:
        return
    connection = _connection()
    statement, _key, fields = _insertion(type(found[0]), connection.vendor)
    with connection.cursor() as cursor:
        cursor.executemany(statement, [_values(row, fields, connection) for row in found])


@contextmanager
def together() -> Iterator[None]:
    """What is inserted within the block is written at its end, in the same order, in one trip where the database
    takes several statements at once (PostgreSQL). Rows of one model that follow each other are one statement."""
    rows: list[models.Model] = []
    token = _waiting.set(rows)
    try:
        yield
    finally:
        _waiting.reset(token)
    if not rows:
        return
    connection = _connection()
    parts = [(_insertion(type(row), connection.vendor, row.pk is not None), row) for row in rows]
    made = []
    for (statement, _key, fields), alike in groupby(parts, key=lambda part: part[0]):
        lines = [_values(row, fields, connection) for _insertion_of_it, row in alike]
        places = f", ({', '.join(['%s'] * len(fields))})" * (len(lines) - 1)
        made.append((statement + places, [value for line in lines for value in line]))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Each is composed by itself: psycopg remembers how it reads a statement of fewer than 50 values, not a longer one.
            cursor.execute("; ".join(connection.ops.compose_sql(*parts) for parts in made))  # type: ignore[attr-defined]
        else:
            for statement, values in made:
                cursor.execute(statement, values)
    for row in rows:
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def change(rows: Sequence[models.Model], *names: str) -> None:
    """Writes the named fields of rows that stand, all of one model; as ``bulk_update`` does, without building a statement that
    names each row, which costs several times what the database needs to run it."""
    if not rows:
        return
    connection, model = _connection(), type(rows[0])
    fields = [model._meta.get_field(name) for name in names]
    quote = connection.ops.quote_name
    columns = ", ".join(f"{quote(field.column)} = %s" for field in fields)  # type: ignore[union-attr,arg-type]
    key: Any = model._meta.pk
    statement = f"UPDATE {quote(model._meta.db_table)} SET {columns} WHERE {quote(key.column)} = %s"
    values = [[*_values(row, fields, connection, adding=False), row.pk] for row in rows]  # type: ignore[arg-type]
    with connection.cursor() as cursor:
        cursor.executemany(statement, values)


def next_keys(*kinds: type[models.Model]) -> list[str]:
    """What, selected, reserves a key for a new row of each of the models, so that rows which name each other can be
    written in one trip; nothing where the database has no such thing (SQLite)."""
    connection = _connection()
    if connection.vendor != "postgresql":
        return []
    quote = connection.ops.quote_name
    return [f"nextval('{_sequence(quote(kind._meta.db_table), kind._meta.pk.column)}')" for kind in kinds]


@cache
def _sequence(table: str, column: str) -> str:
    """Where PostgreSQL takes the column's numbers from."""
    with _connection().cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [table, column])
        return str(cursor.fetchone()[0])


def _values(
    row: models.Model, fields: Iterable[models.Field], connection: BaseDatabaseWrapper, *, adding: bool = True
) -> list[Any]:
    return [field.get_db_prep_save(field.pre_save(row, adding), connection) for field in fields]


def _write(row: models.Model, clause: str) -> bool:
    connection = _connection()
    statement, key, fields = _insertion(type(row), connection.vendor, row.pk is not None)
    with connection.cursor() as cursor:
        cursor.execute(statement + clause + key, _values(row, fields, connection))
        found = cursor.fetchone()
    if found is None:
        return False
    row.pk = found[0]
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    return True


@cache
def _selection(model: Any, alias: str, vendor: str | None) -> tuple[str, tuple[str, ...], Converters]:
    """The columns, the names of their attributes, and what turns a database's value into ours."""
    connection, fields = _connection(), model._meta.concrete_fields
    quote = connection.ops.quote_name
    converters = []
    for index, field in enumerate(fields):
        column = field.get_col(model._meta.db_table)
        found = connection.ops.get_db_converters(column) + column.get_db_converters(connection)
        converters += [(index, converter, column) for converter in found]
    columns = ", ".join(f"{alias}.{quote(field.column)}" for field in fields)
    return columns, tuple(field.attname for field in fields), tuple(converters)


@dataclass(frozen=True, slots=True)
class Question(Generic[Row]):
    """``SELECT <all columns of alias>, <beside> <rest>``. ``beside`` and ``rest`` are our own words; what comes from outside
    stands in ``values``."""

    model: type[Row]
    alias: str
    rest: str
    values: Sequence[Any]
    beside: str = ""


Answer = list[tuple[Row, tuple[Any, ...]]]


def ask(*questions: Question[Any]) -> list[Answer[Any]]:
    """For each question the rows found, each with the values ``beside`` it as the database gives them. Asked in order, and
    in one trip where the database takes several statements at once (PostgreSQL)."""
    connection = _connection()
    made = [(_statement(question), question.values) for question in questions]
    whole = connection.vendor == "postgresql"
    if whole:
        made = [("; ".join(sql for sql, _ in made), [value for _, values in made for value in values])]
    answers = []
    with connection.cursor() as cursor:
        for number, question in enumerate(questions):
            if number == 0 or not whole:
                cursor.execute(*made[number])
            else:
                cursor.nextset()
            answers.append(_answer(question, cursor.fetchall()))
    return answers


def _statement(question: Question[Any]) -> str:
    kind: Any = question.model
    columns, _names, _converters = _selection(kind, question.alias, _connection().vendor)
    beside = f", {question.beside}" if question.beside else ""
    return f"SELECT {columns}{beside} {question.rest}"


def _answer(question: Question[Row], found: Iterable[Sequence[Any]]) -> Answer[Row]:
    connection = _connection()
    kind: Any = question.model
    _columns, names, converters = _selection(kind, question.alias, connection.vendor)
    answer, width = [], len(names)
    for values in found:
        row = list(values)
        for index, converter, column in converters:
            row[index] = converter(row[index], column, connection)
        own = question.model.from_db(DEFAULT_DB_ALIAS, names, row[:width])
        answer.append((own, tuple(row[width:])))
    return answer


def portions(rows: Sequence[Part], size: int) -> Iterator[Sequence[Part]]:
    """The rows, so many at a time, for statements that name each of them."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def select(
    model: type[Row], alias: str, rest: str, values: Sequence[Any], *, beside: str = ""
) -> Answer[Row]:
    """The answer to one question."""
    return ask(Question(model, alias, rest, values, beside))[0]
