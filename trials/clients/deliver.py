"""The official Python client, as a product uses it: `deliver.py ADDRESS KEY EVENTS SECONDS`.

Its own options stand as it ships them. Prints what it gave up, as JSON.
"""

import json
import sys
import time

from segment import analytics  # type: ignore[import-untyped]

STEP = 50  # events between two breaths


def main(address: str, key: str, events: int, seconds: float) -> dict[str, int]:
    """Every event was handed to the client within `seconds`, and it has finished with all of them."""
    given_up: list[object] = []
    analytics.host, analytics.write_key = address, key
    analytics.on_error = lambda error, batch: given_up.extend(batch)
    refused = 0
    analytics.group("python-user", "delivery")
    for number in range(events):
        taken, _message = analytics.track(
            "python-user", "Delivered", {"client": "python", "number": number}
        )
        refused += not taken
        if number % STEP == 0:
            time.sleep(seconds * STEP / events)
    analytics.shutdown()
    return {"refused": refused, "given_up": len(given_up)}


if __name__ == "__main__":
    told = main(sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))
    sys.stdout.write(json.dumps(told) + "\n")
