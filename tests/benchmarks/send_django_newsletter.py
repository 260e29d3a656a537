# mypy: ignore-errors
# (its `newsletter` is another package)
"""The same mail to as many readers by django-newsletter; run by its own Python, for it installs a `newsletter` too.

    PYTHON send_django_newsletter.py EDITION.json     (SMTP_PORT, READERS and FOLDER in the environment)

Its Python is an environment of its own, made once:

    python3.11 -m venv /tmp/django-newsletter
    /tmp/django-newsletter/bin/pip install Django==5.2.19 django-newsletter==1.2.1 sorl-thumbnail==13.4.0 \
        easy-thumbnails==2.10.1 chardet
    DJANGO_NEWSLETTER_PYTHON=/tmp/django-newsletter/bin/python python -m tests.benchmarks.send

It takes no finished HTML: its templates render each reader's message, so the edition's HTML stands in one article.
"""

import json
import os
import sys
import time
from pathlib import Path

sys.path = [path for path in sys.path if Path(path).resolve() != Path(__file__).resolve().parent]
import django  # noqa: E402
from django.conf import settings  # noqa: E402

APPS = ("contenttypes", "auth", "sites", "sessions", "messages", "admin")
settings.configure(
    SECRET_KEY="x" * 50,
    INSTALLED_APPS=[*(f"django.contrib.{name}" for name in APPS), "sorl.thumbnail", "easy_thumbnails", "newsletter"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": f"{os.environ['FOLDER']}/dn.sqlite3"}},
    EMAIL_HOST="127.0.0.1",
    EMAIL_PORT=int(os.environ["SMTP_PORT"]),
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
    ROOT_URLCONF="newsletter.urls",
    SITE_ID=1,
    USE_TZ=True,
    NEWSLETTER_EMAIL_DELAY=0,
    NEWSLETTER_BATCH_SIZE=0,
    NEWSLETTER_THUMBNAIL="easy-thumbnails",
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
)
django.setup()

from django.contrib.sites.models import Site  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from newsletter.models import Article, Message, Newsletter, Submission, Subscription  # noqa: E402


def main() -> None:
    call_command("migrate", verbosity=0, run_syncdb=True)
    edition = json.loads(Path(sys.argv[1]).read_text())
    letter = Newsletter.objects.create(title="x", slug="x", email="a@a.example", sender="x", send_html=True)
    letter.site.add(Site.objects.get_or_create(pk=1, defaults={"domain": "a.example", "name": "a"})[0])
    message = Message.objects.create(title=edition["subject"][:200], slug="x", newsletter=letter)
    Article.objects.create(post=message, title="x", text=edition["html"], sortorder=10)
    readers = int(os.environ["READERS"])
    Subscription.objects.bulk_create(
        Subscription(newsletter=letter, email_field=f"r{n}@a.example", subscribed=True, activation_code=f"{n:040d}")
        for n in range(readers)
    )
    submission = Submission.from_message(message)
    submission.subscriptions.set(letter.get_subscriptions())
    Submission.objects.filter(pk=submission.pk).update(prepared=True, publish_date=timezone.now())
    started = time.perf_counter()
    Submission.submit_queue()
    print(json.dumps({"rate": readers / (time.perf_counter() - started)}))  # noqa: T201


if __name__ == "__main__":
    main()
