#!/usr/bin/env python
"""Chenbao's command line: `manage.py help` lists the acts and the rest."""

import os
import select
import signal
import sys

# What reads a file, prints, and touches no database needs no installation either: command -> the option that says so.
WITHOUT_INSTALLATION = {"rank": "--articles", "check_issue": "--file"}


def main() -> None:
    """Run one management command; what is wrong with the settings is said in one line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    command, *options = sys.argv[1:] or [""]
    reads_a_file = any(option.split("=")[0] == WITHOUT_INSTALLATION.get(command) for option in options)
    if reads_a_file and not os.environ.get("DEBUG"):
        os.environ["DEBUG"] = "1"  # then no secret and no address are asked for, and .env is left unread
    try:
        try:
            _run()
        except SystemExit:
            _flush()
            raise
        _flush()
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        # For a mail server's pipe: whatever is broken, as amid an upgrade, the mail is still whole in its queue.
        if sys.argv[1:2] != ["receive"]:
            if isinstance(error, BrokenPipeError) and _nobody_reads():
                _end_as_by_sigpipe()
            raise
        sys.stderr.write(f"manage.py receive: {type(error).__name__}: {error}\n")
        sys.exit(os.EX_TEMPFAIL)


def _flush() -> None:
    """What Python would do at its end, where nothing can be caught any more."""
    print(end="", flush=True)  # noqa: T201 - unlike sys.stdout.flush() it bears that there is no output


def _nobody_reads() -> bool:
    """Whether it is our output that nobody reads any more, as after `| head`, and no connection that broke."""
    output = select.poll()
    for descriptor in (1, 2):
        output.register(descriptor, 0)  # an error and a reader who has gone are told unasked
    return any(event & (select.POLLERR | select.POLLHUP) for _, event in output.poll(0))


def _end_as_by_sigpipe() -> None:
    """As other programs end whose reader has had enough: quietly, also when Python flushes what is left."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    sys.exit(128 + signal.SIGPIPE)


def _run() -> None:
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        import config.settings  # noqa: F401 - read here, so that its errors are caught here

        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        if sys.argv[1:2] == ["receive"]:
            raise
        sys.exit(f"manage.py: {error}")


if __name__ == "__main__":
    main()
