"""In and out: Django's own views, in the desk's dress and language, with a limit on how often one may try."""

import datetime as dt
from typing import Any

from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from newsletter.views.desk.access import in_desk_language
from subscribers import limits
from subscribers.views.pages import client_ip

PERIOD = dt.timedelta(minutes=15)
# By where the tries come from, not by account: otherwise any stranger could keep an editor out at the hour of sending.
PER_IP = limits.Limit("desk ip", 10, PERIOD)
PER_NETWORK = limits.Limit("desk network", 30, PERIOD)
TOO_MANY = "too_many"


def may_try(request: HttpRequest, now: dt.datetime) -> bool:
    """Count one try to log in; False, uncounted, where its IP or network has had its share of the quarter hour."""
    ip = client_ip(request) or ""
    try:
        asked = [(PER_IP, ip), (PER_NETWORK, limits.network_of(ip))]
    except ValueError:  # no IP at all, as behind a Unix socket: one tally for all of them
        asked = [(PER_NETWORK, "unknown")]
    return limits.allow(asked, now)


class DeskForm(AuthenticationForm):
    """Name and password; beyond the limit the password isn't even looked at."""

    def clean(self) -> dict[str, Any]:
        if self.request is not None and not may_try(self.request, timezone.now()):
            message = _("Too many tries from your network. Wait a quarter of an hour, then try again.")
            raise ValidationError(message, code=TOO_MANY)
        return super().clean()


class AdminForm(DeskForm, AdminAuthenticationForm):
    """The same limit at the admin's door: one tally for both."""


class DeskLogin(LoginView):
    """Answers 429 beyond the limit."""

    template_name = "desk/login.html"
    authentication_form = DeskForm

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        if not form.has_error(NON_FIELD_ERRORS, TOO_MANY):
            return super().form_invalid(form)
        context = self.get_context_data(form=form, too_many=form.non_field_errors()[0])
        headers = {"Retry-After": str(int(PERIOD.total_seconds()))}
        return self.render_to_response(context, status=429, headers=headers)


login = in_desk_language(DeskLogin.as_view())
logout = in_desk_language(LogoutView.as_view(next_page="desk:login"))
