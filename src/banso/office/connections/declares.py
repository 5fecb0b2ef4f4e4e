"""What imports tell the house."""

from django.utils.translation import gettext_lazy as _

from banso.core.declarations import MANAGERS, STAFF, EventText, Permission, declare

declare(
    Permission("imports.run", _("Import data and take imports back"), MANAGERS),
    Permission("imports.read", _("See imports and their results"), STAFF),
    EventText("core.import_finished", _("An import finished: %(created)d new rows"), icon="upload"),
    EventText("core.import_undone", _("An import was taken back"), icon="upload"),
)
