"""What a request finds of the database that the one before it used."""

import pytest
from django.core.signals import request_started
from django.db import connection

from subscribers.models import Subscriber


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no server that could be restarted")
def test_the_first_request_after_the_database_was_restarted_is_answered() -> None:
    Subscriber.objects.count()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])  # waits for its end, 5 s at most
    other.close()
    request_started.send(sender=None, environ={})
    assert Subscriber.objects.count() == 0
