"""Who asks: the token in the Authorization header, and nothing else; a session is not looked at."""

from typing import Any

from django.http import HttpRequest
from ninja.security import HttpBearer

from opendata.actions.tokens import note_use
from opendata.limits import count_token_request
from opendata.models import ApiToken
from opendata.selectors.tokens import authenticate_token, require_scope


class BearerToken(HttpBearer):
    """Lets in a token that has the scope; afterwards it is `request.auth`."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def __call__(self, request: HttpRequest) -> Any:
        kind, _, text = request.headers.get("Authorization", "").partition(" ")
        return self.authenticate(request, text.strip() if kind.lower() == "bearer" else "")

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken:
        """401 for no good token, 429 for one used too often, 403 for one without the scope."""
        found = authenticate_token(token)
        count_token_request(found.prefix)
        require_scope(found, self.scope)
        note_use(found)
        return found
