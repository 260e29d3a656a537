"""Django's EMAIL_BACKEND: single mails on the same transport as the issue."""

from django.core.mail.backends.smtp import EmailBackend

__all__ = ["EmailBackend"]
