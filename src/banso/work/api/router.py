"""The one router that this room's endpoints hang on."""

from ninja import Router

router = Router(tags=["work"])
