from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewsletterConfig(AppConfig):
    name = "newsletter"
    verbose_name = _("Newsletter")

    def ready(self) -> None:
        """Register the checks of an installation."""
        from newsletter import installation  # noqa: F401 - its models are loaded by now
        from newsletter.deliver import checks  # noqa: F401
        from newsletter.views import hooks  # noqa: F401
