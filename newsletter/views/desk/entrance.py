"""In and out: Django's own views, in the desk's dress and language."""

from django.contrib.auth.views import LoginView, LogoutView

from newsletter.views.desk.access import in_desk_language

login = in_desk_language(LoginView.as_view(template_name="desk/login.html", redirect_authenticated_user=False))
logout = in_desk_language(LogoutView.as_view(next_page="desk:login"))
