"""Small templates, and a mail server to deliver to."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from pytest_django import Settings

from newsletter.deliver import dkim
from tests.newsletter.deliver.signatures import DOMAIN, SELECTOR
from tests.newsletter.deliver.sink import Sink, running_sink

# Two parts as the real templates have them, without the 30 ms of MJML.
TEXT = "{{ page.subject }}\n\n{% for item in page.items %}{{ item.title }}\n{% endfor %}{{ leave_url }}\n"
HTML = (
    '<!DOCTYPE html><html><body style="x"><h1>{{ page.subject }}</h1>'
    "{% for item in page.items %}<p>{{ item.title }}</p>{% endfor %}"
    '<a href="{{ preferences_url }}">Preferences</a> <a href="{{ leave_url }}">Leave</a></body></html>'
)


@pytest.fixture
def small_templates(tmp_path: Path, settings: Settings) -> None:
    """The mail's templates, small."""
    (tmp_path / "email").mkdir()
    (tmp_path / "email" / "issue.txt").write_text(TEXT)
    (tmp_path / "email" / "issue.mjml").write_text(HTML)
    engine = {"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [tmp_path]}
    settings.TEMPLATES = [engine, {**engine, "NAME": "mjml"}]


@pytest.fixture
def sink(settings: Settings) -> Iterator[Sink]:
    """The server that the settings name."""
    with running_sink() as (sink, host, port):
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = host, port, 60
        settings.SMTP_CONNECTIONS = 1
        yield sink


@pytest.fixture(scope="session")
def key() -> rsa.RSAPrivateKey:
    """A DKIM key; to make one takes a moment."""
    return dkim.new_key()


@pytest.fixture
def signed_mail(settings: Settings, tmp_path: Path, key: rsa.RSAPrivateKey) -> None:
    """The key, named by the settings."""
    path = tmp_path / "key.pem"
    path.write_bytes(dkim.as_pem(key))
    path.chmod(0o600)
    settings.DKIM_KEY_FILE, settings.DKIM_SELECTOR, settings.DKIM_DOMAIN = str(path), SELECTOR, DOMAIN
