"""The reader's addresses: joining under a language, and /r/… for signed links, where no language stands."""

from django.urls import path, register_converter

from subscribers.views import embed, grave, join, leave, preferences, privacy

app_name = "readers"


class LanguageConverter:
    """en or zh, as it stands in addresses."""

    regex = "en|zh"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(LanguageConverter, "reader_language")

urlpatterns = [
    path("<reader_language:language>/join/", join.join, name="join"),
    path("<reader_language:language>/join/sent/", join.joined, name="joined"),
    path("<reader_language:language>/embed/", embed.snippet, name="embed"),
    path("<reader_language:language>/privacy/", privacy.statement, name="privacy"),
    path("r/c/<str:signed>", join.confirm, name="confirm"),
    path("r/p/<str:signed>", preferences.edit, name="preferences"),
    path("r/p/<str:signed>/ask", preferences.ask, name="ask"),
    path("r/d/<str:signed>", grave.copy, name="copy"),
    path("r/e/<str:signed>", grave.erase, name="erase"),
    path("r/a/<str:signed>", grave.change, name="change"),
    path("r/n/<str:signed>", grave.new_address, name="new_address"),
    path("r/l/<str:signed>", leave.leave, name="leave"),
    path("r/u/<str:signed>", leave.one_click, name="one_click"),
]
