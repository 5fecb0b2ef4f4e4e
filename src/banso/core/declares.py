from django.utils.translation import gettext_lazy as _

from banso.core.declarations import CSMS, MANAGERS, OWNERS, EventText, Permission, declare

declare(
    Permission("core.people", _("Add people and change roles"), OWNERS),
    Permission("core.settings", _("Change the workspace's settings"), MANAGERS),
    Permission("core.sign_in", _("Set up how people sign in"), OWNERS),
    Permission("core.export", _("Take lists out as files"), CSMS),
    Permission("core.keys", _("Make and revoke API keys"), MANAGERS),
    EventText("core.workspace_created", _("The workspace was created"), icon="home"),
    EventText("core.member_added", _("A person joined as %(role)s"), icon="people"),
)
declare(
    EventText("core.member_removed", _("A person left the workspace"), icon="people"),
    EventText("core.role_changed", _("A person's role changed from %(before)s to %(role)s")),
    EventText("core.settings_changed", _("The workspace's settings were changed")),
    EventText("core.company_days_set", _("%(n)d company days were set"), icon="calendar"),
    EventText("core.list_exported", _("A list was taken out as a file: %(rows)d rows")),
    EventText("core.document_exported", _("A document was taken out as a file")),
    EventText("core.key_made", _("An API key was made")),
    EventText("core.key_revoked", _("An API key was revoked")),
)
declare(
    EventText("core.signed_in", _("A person signed in")),
    EventText("core.password_set", _("A password was set; all sessions ended")),
    EventText("core.passkey_added", _("A passkey was added")),
    EventText("core.passkey_removed", _("A passkey was removed")),
    EventText("core.second_step_on", _("Two-step sign-in was turned on")),
    EventText("core.second_step_off", _("Two-step sign-in was turned off")),
    EventText("core.codes_made", _("New recovery codes were made")),
    EventText("core.session_ended", _("Sessions were ended: %(n)d")),
    EventText("core.identity_linked", _("A person was linked to a sign-in service")),
    EventText("core.provider_added", _("A sign-in service was set up")),
    EventText("core.provider_changed", _("A sign-in service was changed")),
    EventText("core.provider_removed", _("A sign-in service was removed")),
    EventText("core.sign_in_rules_changed", _("The rules of signing in were changed")),
)
