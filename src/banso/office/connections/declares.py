"""What imports tell the house."""

from django.utils.translation import gettext_lazy as _

from banso.core.declarations import MANAGERS, STAFF, EventText, Permission, declare
from banso.core.lists.declarations import declare_list
from banso.office.connections.exports import VANISHED_LIST
from banso.office.connections.task_words import file_words, missing_words
from banso.office.connections.telling import FILE, MISSING
from banso.work.wording import declare_task_words

declare(
    Permission("imports.run", _("Import data and take imports back"), MANAGERS),
    Permission("imports.read", _("See imports and their results"), STAFF),
    EventText("core.repeated_import_saved", _("A repeated import was set up"), icon="upload"),
    EventText("core.repeated_import_paused", _("A repeated import was paused"), icon="upload"),
    EventText("core.repeated_import_resumed", _("A repeated import goes on"), icon="upload"),
    EventText("core.repeated_import_deleted", _("A repeated import was deleted"), icon="trash"),
    EventText("core.import_finished", _("An import finished: %(created)d new rows"), icon="upload"),
    EventText("core.import_undone", _("An import was taken back"), icon="upload"),
)

declare_list(VANISHED_LIST)
declare_task_words(FILE, file_words)
declare_task_words(MISSING, missing_words)
