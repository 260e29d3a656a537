"""The domain of an address, as the database computes it: readers are found by it through an index."""

from typing import Any

from django.db.models import CharField, Func
from django.db.models.sql.compiler import SQLCompiler


class Domain(Func):
    """What stands behind the @ of a normalised address.

    The @ is written into the SQL and no parameter: SQLite takes an index on an expression only for the same text.
    """

    arity = 1
    template = "substr(%(expressions)s, instr(%(expressions)s, '@') + 1)"
    output_field = CharField(max_length=255)

    def as_postgresql(self, compiler: SQLCompiler, connection: Any, **context: Any) -> Any:
        """PostgreSQL has no instr()."""
        return self.as_sql(compiler, connection, template="split_part(%(expressions)s, '@', 2)", **context)
