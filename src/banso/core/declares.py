from django.utils.translation import gettext_lazy as _

from banso.core.declarations import MANAGERS, OWNERS, EventText, Permission, declare

declare(
    Permission("core.people", _("Add people and change roles"), OWNERS),
    Permission("core.settings", _("Change the workspace's settings"), MANAGERS),
    Permission("core.keys", _("Make and revoke API keys"), MANAGERS),
    EventText("core.workspace_created", _("The workspace was created"), icon="home"),
    EventText("core.member_added", _("A person joined as %(role)s"), icon="people"),
)
declare(
    EventText("core.member_removed", _("A person left the workspace"), icon="people"),
    EventText("core.role_changed", _("A person's role changed from %(before)s to %(role)s")),
    EventText("core.settings_changed", _("The workspace's settings were changed")),
    EventText("core.company_days_set", _("%(n)d company days were set"), icon="calendar"),
    EventText("core.key_made", _("An API key was made")),
    EventText("core.key_revoked", _("An API key was revoked")),
)
