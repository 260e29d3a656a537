"""Rows by the thousand, many times faster than model instances can be made: most of their values are the same."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import Field, Model

_INSERT = "INSERT INTO {table} ({columns}) VALUES ({marks}) ON CONFLICT DO NOTHING"
_INSERT_FOR = "INSERT INTO {table} ({columns}) SELECT {marks}, {id} FROM {parents} WHERE {key} IN ({values})"
# Both databases name the columns of a VALUES list so.
_INSERT_EACH = (
    "INSERT INTO {table} ({columns}) SELECT {marks}, {id}, given.column2 "
    "FROM (VALUES {values}) AS given JOIN {parents} ON {parents}.{key} = given.column1"
)
_AMONG = "SELECT {column} FROM {table} WHERE {column} IN ({marks})"


def insert(like: Model, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert `rows`, which are as `like` but for the fields `names`; whoever is there already stays as they are.

    The values of `rows` go to the database as they are: plain text, numbers or null, in the order of `names`.
    """
    columns, constants = _constants(like, names)
    varying = [_column(like, name) for name in names]
    marks = ", ".join(["%s"] * (len(columns) + len(varying)))
    statement = _INSERT.format(table=_name(like._meta.db_table), columns=_list([*columns, *varying]), marks=marks)
    with connection.cursor() as cursor:
        cursor.executemany(statement, [(*constants, *row) for row in rows])


def insert_for(like: Model, parent: str, of: type[Model], key: str, values: Sequence[str]) -> int:
    """For each row of `of` whose field `key` is among `values`, a row as `like` that points to it by `parent`.

    Returns how many were inserted: those of `values` that exist.
    """
    if not values:
        return 0
    columns, constants = _constants(like, [parent])
    pointer = _column(like, parent)
    marks = ", ".join(["%s"] * len(constants))
    statement = _INSERT_FOR.format(
        table=_name(like._meta.db_table),
        columns=_list([*columns, pointer]),
        marks=marks,
        id=_name(_column(of, "id")),
        parents=_name(of._meta.db_table),
        key=_name(_column(of, key)),
        values=", ".join(["%s"] * len(values)),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*constants, *values])
        return int(cursor.rowcount)


def insert_each(like: Model, parent: str, of: type[Model], key: str, varying: str, values: Mapping[str, str]) -> int:
    """As `insert_for`, for the keys of `values`; the text field `varying` of each row is the value."""
    if not values:
        return 0
    columns, constants = _constants(like, [parent, varying])
    statement = _INSERT_EACH.format(
        table=_name(like._meta.db_table),
        columns=_list([*columns, _column(like, parent), _column(like, varying)]),
        marks=", ".join(["%s"] * len(constants)),
        id=f"{_name(of._meta.db_table)}.{_name(_column(of, 'id'))}",
        parents=_name(of._meta.db_table),
        key=_name(_column(of, key)),
        values=", ".join(["(%s, %s)"] * len(values)),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*constants, *(text for pair in values.items() for text in pair)])
        return int(cursor.rowcount)


def among(of: type[Model], key: str, values: Sequence[str]) -> list[str]:
    """Those of `values` that stand in the field `key` of a row. One query, which Django needn't take apart first."""
    if not values:
        return []
    column, marks = _name(_column(of, key)), ", ".join(["%s"] * len(values))
    with connection.cursor() as cursor:
        cursor.execute(_AMONG.format(column=column, table=_name(of._meta.db_table), marks=marks), list(values))
        return [row[0] for row in cursor.fetchall()]


def _constants(like: Model, without: Sequence[str]) -> tuple[list[str], list[Any]]:
    """The columns of `like` and their values as the database takes them, but for its own id and those `without`."""
    fields = [field for field in like._meta.concrete_fields if not field.primary_key and field.name not in without]
    return (
        [str(field.column) for field in fields],
        [field.get_db_prep_save(getattr(like, field.attname), connection) for field in fields],
    )


def _column(of: Model | type[Model], name: str) -> str:
    field = of._meta.get_field(name)
    assert isinstance(field, Field)
    return str(field.column)


def _name(name: str) -> str:
    return connection.ops.quote_name(name)


def _list(columns: Sequence[str]) -> str:
    return ", ".join(_name(column) for column in columns)
