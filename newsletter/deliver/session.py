"""A session with a mail server: connected, TLS verified, logged in; and how a failure is told to the operator."""

import smtplib
import ssl

from django.conf import settings
from django.core.mail.utils import DNS_NAME

from newsletter.deliver.servers import Server
from newsletter.runs import ActError


class UnreachableError(ActError):
    """No session with the server could be had; nothing was handed over. Says host, port and what to do."""


def connect(server: Server) -> smtplib.SMTP:
    """A session that has said EHLO. Raises UnreachableError."""
    try:
        return _open(server)
    except smtplib.SMTPAuthenticationError as error:
        raise UnreachableError(advice(server, error, "check SMTP_USER and SMTP_PASSWORD")) from error
    except (smtplib.SMTPNotSupportedError, ssl.SSLError) as error:
        raise UnreachableError(advice(server, error, "check SMTP_STARTTLS and the server's certificate")) from error
    except OSError as error:  # SMTPException is one too
        hint = "start the mail server there (in development: `manage.py inbox`), or set SMTP_HOST and SMTP_PORT"
        raise UnreachableError(advice(server, error, hint)) from error


def advice(server: Server, reason: object, what_to_do: str) -> str:
    """One line for the operator."""
    said = " ".join(str(reason).split()) or type(reason).__name__
    return f"no mail could be handed to {server.name} ({said}): {what_to_do}; nothing is lost, run it again"


def _open(server: Server) -> smtplib.SMTP:
    name = DNS_NAME.get_fqdn()
    if server.security == "tls":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, name, timeout=settings.EMAIL_TIMEOUT, context=_tls()
        )
    else:
        smtp = smtplib.SMTP(server.host, server.port, name, timeout=settings.EMAIL_TIMEOUT)
    try:
        if server.security == "starttls":
            smtp.starttls(context=_tls())  # raises where it isn't offered: never in the clear then
        if server.user:
            smtp.login(server.user, server.password)
        smtp.ehlo_or_helo_if_needed()
    except BaseException:
        smtp.close()
        raise
    return smtp


def _tls() -> ssl.SSLContext:
    """Verifies the certificate and the host's name."""
    return ssl.create_default_context()
