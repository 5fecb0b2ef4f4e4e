"""Slack (incoming webhooks) and Chatwork (messages of a room)."""

from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import msgspec
from django.conf import settings
from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.core.jobs import enqueue
from banso.core.sealed import seal_facts
from banso.core.senders.refusal import RefusedByServer

TIMEOUT_SECONDS = 10


class StayHere(HTTPRedirectHandler):
    """A redirect could lead into our own network; none is followed."""

    def redirect_request(self, *args: object) -> None:
        return None


def post_to_slack(webhook: str, *, text: str) -> None:
    """`text` will be posted to a Slack channel by its incoming webhook.

    Refused for addresses elsewhere.
    """
    home = settings.SLACK_WEBHOOKS.rstrip("/") + "/"
    if not webhook.startswith(home) or not _is_one_word(webhook):
        raise Refused(_("This is not the address of a Slack webhook."), code="slack_webhook")
    _enqueue(url=webhook, headers={}, json={"text": text}, form=None)


def post_to_chatwork(room: int, *, token: str, text: str) -> None:
    """`text` will be posted to a Chatwork room with an API token.

    Refused when the token cannot stand in a header.
    """
    if not _is_one_word(token):
        raise Refused(_("This is not a Chatwork token."), code="chatwork_token")
    url = f"{settings.CHATWORK_API}/rooms/{room:d}/messages"
    headers = {"X-ChatWorkToken": token}
    _enqueue(url=url, headers=headers, json=None, form={"body": text})


def _enqueue(**facts: Any) -> None:
    """The job's row tells nothing of it: a webhook's address and a token are secrets."""
    enqueue("core.post_message", sealed=seal_facts(**facts))


def _is_one_word(text: str) -> bool:
    """Visible ASCII only: nothing that could end a header or a request line."""
    return bool(text) and all("!" <= sign <= "~" for sign in text)


def post(
    url: str,
    *,
    headers: dict[str, str],
    json: dict[str, str] | None,
    form: dict[str, str] | None,
) -> None:
    """Send one POST now, 10 s at most, no redirects. For jobs only.

    Raises RefusedByServer on 4xx; OSError (HTTPError too) on anything worth another try.
    """
    if urlsplit(url).scheme not in {"https", "http"}:
        raise RefusedByServer("not a web address")
    body = msgspec.json.encode(json) if json is not None else urlencode(form or {}).encode()
    kind = "application/json" if json is not None else "application/x-www-form-urlencoded"
    asking = Request(url, data=body, headers={**headers, "Content-Type": kind}, method="POST")  # noqa: S310 (checked above)
    try:
        build_opener(StayHere).open(asking, timeout=TIMEOUT_SECONDS).close()
    except HTTPError as error:
        error.close()
        if error.code < 500 and error.code != 429:
            raise RefusedByServer(str(error.code)) from error
        raise
