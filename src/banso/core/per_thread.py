"""What Django keeps of the request that a thread answers: its language, its zone, its addresses."""

import threading

from django.urls import base
from django.utils import timezone
from django.utils.translation import trans_real

# Django's keep this in a store that all threads lock for every word that is translated and every
# address that is made: for the sake of views that are coroutines. Ours are threads, and twenty
# people at pages waited for each other there: 4 threads translate twice as much without it.
SHARED = ((trans_real, "_active"), (timezone, "_active"), (base, "_prefixes"), (base, "_urlconfs"))


def keep_per_thread() -> None:
    """Language, zone and addresses are the thread's own. Before the first request."""
    for module, name in SHARED:
        if not isinstance(getattr(module, name), threading.local):
            setattr(module, name, threading.local())
