from django.apps import AppConfig


class NewsletterConfig(AppConfig):
    name = "newsletter"

    def ready(self) -> None:
        """Register the checks of an installation."""
        from newsletter import installation  # noqa: F401 - its models are loaded by now
