"""The first `.env` of an installation: `SITE_URL=https://news.example python -m config.first_env`.

Keys are made here, once, because nobody should have to, and because a lost SUPPRESSION_KEY forgets who asked to be
left alone. A file that is there already is never touched.
"""

import os
import secrets
import sys
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from config.environment import env_domain, env_url

FILE = Path(__file__).resolve().parent.parent / ".env"
_TEXT = """\
# The settings of this installation; docs/operations.md has them all. Keep this file secret, and in your backups:
# without SECRET_KEY the links in readers' mailboxes die, without SUPPRESSION_KEY it is forgotten who left.
SECRET_KEY={secret}
SUPPRESSION_KEY={suppression}
SITE_URL={site}
MAIL_DOMAIN={domain}
MAIL_FROM="Chenbao 晨报 <news@{domain}>"
# 1 where a proxy of yours stands in front (it should) and sets X-Forwarded-For and X-Forwarded-Proto itself.
BEHIND_PROXY=1
SMTP_HOST=127.0.0.1
SMTP_PORT=25
# DATABASE_URL=postgres://chenbao:password@127.0.0.1/chenbao
# REDIS_URL=redis://127.0.0.1/0
"""


def text(site: str, domain: str) -> str:
    """The file's content, with new keys."""
    return _TEXT.format(
        secret=secrets.token_urlsafe(50), suppression=secrets.token_urlsafe(50), site=site, domain=domain
    )


def main() -> None:
    """Write FILE, readable by this user alone, unless it is there."""
    if FILE.exists():
        return
    if not os.environ.get("SITE_URL"):
        sys.exit("make install: say where the service will stand: make install SITE_URL=https://news.example")
    try:
        site = env_url("SITE_URL", "")
        domain = env_domain("MAIL_DOMAIN", urlsplit(site).hostname or "")
    except ImproperlyConfigured as error:
        sys.exit(f"make install: {error}")
    FILE.touch(mode=0o600)
    FILE.write_text(text(site, domain), "utf8")
    sys.stdout.write(f"wrote {FILE}: mail is sent from and taken at {domain}\n")


if __name__ == "__main__":
    main()
