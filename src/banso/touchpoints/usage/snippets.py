"""Programs to copy: how the official clients of Segment send here, changed in nothing but the host.

Each text is a whole program that runs as it stands: the tests run them as the page shows them.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from banso.core.declarations import Words

PERSON = "user-42"
COMPANY = "company-7"
EVENT = "Report exported"


@dataclass(frozen=True, slots=True)
class Snippet:
    """One client: `code` is the name in addresses, `install` the command that fetches it."""

    code: str
    label: Words
    install: str
    text: str
    note: Words


def snippets(address: str, key: str) -> list[Snippet]:
    """Every client's program for the server at `address` (scheme and host) with this write key."""
    address = address.rstrip("/")
    return [
        Snippet("python", "Python", "pip install segment-analytics-python", *_python(address, key)),
        Snippet("node", "Node.js", "npm install @segment/analytics-node", *_node(address, key)),
        Snippet(
            "browser", _("Browser"), "npm install @segment/analytics-next", *_browser(address, key)
        ),
        Snippet("curl", "curl", "", *_curl(address, key)),
    ]


def _python(address: str, key: str) -> tuple[str, Words]:
    text = f"""\
import segment.analytics as analytics

analytics.write_key = "{key}"
analytics.host = "{address}"

analytics.identify("{PERSON}", {{"name": "Mio Tanaka", "email": "mio@example.co.jp"}})
analytics.group("{PERSON}", "{COMPANY}", {{"name": "Example Inc.", "website": "https://example.co.jp"}})
analytics.track("{PERSON}", "{EVENT}", {{"rows": 120}})

analytics.shutdown()
"""
    return text, _(
        "Call shutdown() when the program ends: until then the last events may be waiting in it."
    )


def _node(address: str, key: str) -> tuple[str, Words]:
    text = f"""\
import {{ Analytics }} from "@segment/analytics-node";

const analytics = new Analytics({{
  writeKey: "{key}",
  host: "{address}",
}});

analytics.identify({{ userId: "{PERSON}", traits: {{ name: "Mio Tanaka", email: "mio@example.co.jp" }} }});
analytics.group({{
  userId: "{PERSON}",
  groupId: "{COMPANY}",
  traits: {{ name: "Example Inc.", website: "https://example.co.jp" }},
}});
analytics.track({{ userId: "{PERSON}", event: "{EVENT}", properties: {{ rows: 120 }} }});

await analytics.closeAndFlush();
"""
    return text, _(
        "Call closeAndFlush() when the program ends: until then the last events may be waiting in it."
    )


def _browser(address: str, key: str) -> tuple[str, Words]:
    place = urlsplit(address)
    text = f"""\
import {{ AnalyticsBrowser }} from "@segment/analytics-next";

const writeKey = "{key}";
const analytics = AnalyticsBrowser.load({{
  writeKey,
  cdnSettings: {{
    integrations: {{
      "Segment.io": {{ apiKey: writeKey, apiHost: "{place.netloc}/v1", protocol: "{place.scheme}" }},
    }},
  }},
}});

analytics.identify("{PERSON}", {{ name: "Mio Tanaka", email: "mio@example.co.jp" }});
analytics.group("{COMPANY}", {{ name: "Example Inc.", website: "https://example.co.jp" }});
analytics.track("{EVENT}", {{ rows: 120 }});
"""
    return text, _(
        "The settings stand in the program, so nothing is fetched from elsewhere. Visitors can "
        "read the key in your pages: use a source of the kind “browser” for it."
    )


def _curl(address: str, key: str) -> tuple[str, Words]:
    text = f"""\
curl {address}/v1/batch \\
  -u "{key}:" \\
  -H "Content-Type: application/json" \\
  -d '{{
    "batch": [
      {{"type": "group", "messageId": "example-1", "userId": "{PERSON}", "groupId": "{COMPANY}",
       "traits": {{"name": "Example Inc.", "website": "https://example.co.jp"}}}},
      {{"type": "track", "messageId": "example-2", "userId": "{PERSON}", "event": "{EVENT}",
       "properties": {{"rows": 120}}}}
    ]
  }}'
"""
    return text, _("Give every event a messageId of its own: sent again, it still counts once.")
