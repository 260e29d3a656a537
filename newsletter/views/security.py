"""What a browser may load for our pages: our own files, and nothing else."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# No inline script, no inline style, no foreign host. `data:` is for the empty icon.
PUBLIC_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'self'"
)
# The desk and the inbox show mails with inlined styles: theirs to say.
_OWN_POLICY = ("/desk/", "/inbox/")


class ContentSecurityPolicy:
    """Middleware: the strict policy on every answer that has none of its own, but for the editor's side."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.path.startswith(_OWN_POLICY):
            response.headers.setdefault("Content-Security-Policy", PUBLIC_POLICY)
        return response
