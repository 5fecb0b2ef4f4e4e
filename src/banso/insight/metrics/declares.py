"""What the metrics room gives to the rest of the house."""

from django.utils.translation import gettext_lazy as _

from banso.core.declarations import EVERYONE, MANAGERS, Permission, declare

declare(
    Permission("metrics.read", _("See revenue and retention figures"), EVERYONE),
    Permission("metrics.manage", _("Set how figures are counted, close months"), MANAGERS),
)
