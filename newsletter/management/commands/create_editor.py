"""`manage.py create_editor NAME --role approver`: an account for the desk, with no more rights than its role needs."""

import getpass
import secrets
import sys
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import Group, Permission, User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction

from newsletter.roles import Role, make_groups


class Command(BaseCommand):
    help = (
        "Make an account for the desk, or give a standing one another role: a writer edits, an approver also approves "
        "and sends, an administrator also keeps masthead, sources and readers."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="what they log in as")
        parser.add_argument("--role", choices=[str(role) for role in Role], required=True)
        parser.add_argument("--email", help="where the morning's mails and tests go")
        parser.add_argument(
            "--no-input", action="store_true", help="ask nothing: a new account gets a password that is printed once"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["email"]:
            _valid_email(options["email"])
        user = User.objects.filter(username=options["name"]).first()
        password = ""
        if user is None:
            password = secrets.token_urlsafe(12) if options["no_input"] else _asked(options["name"])
        with transaction.atomic():
            known = user is not None
            user = user or User.objects.create_user(options["name"], password=password)
            user.is_staff = True
            user.email = options["email"] or user.email
            user.save()
            _give(user, options["role"])
        self.stdout.write(f"{options['name']}: {'now' if known else 'made,'} {options['role']}")
        if password and options["no_input"]:
            self.stdout.write(f"password: {password}")
        if not user.email:
            self.stderr.write("no address: the morning's mails and tests can't reach them; give one with --email")


def _give(user: User, role: str) -> None:
    """That role, and none of the other two."""
    make_groups(Group.objects, Permission.objects)
    roles = Group.objects.filter(name__in=[str(each) for each in Role])
    user.groups.remove(*roles)
    user.groups.add(roles.get(name=role))


def _asked(name: str) -> str:
    if not sys.stdin.isatty():
        raise CommandError("no terminal to ask for a password: say --no-input, and one is made and printed")
    password = getpass.getpass(f"Password for {name}: ")
    if password != getpass.getpass("Again: "):
        raise CommandError("the two differ: nothing was made")
    try:
        validate_password(password, User(username=name))
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from None
    return password


def _valid_email(email: str) -> None:
    try:
        validate_email(email)
    except ValidationError:
        raise CommandError(f"{email!r} is no address") from None
