from django.urls import URLPattern, URLResolver, path

from banso.core import views
from banso.core.access import signed_in
from banso.core.views import exports, outgoing, providers, settings, sign_in_rules

urlpatterns: list[URLPattern | URLResolver] = [
    path("live-token/", views.live_token, name="live-token"),
    path("healthz", views.alive, name="alive"),
    path("readyz", views.ready, name="ready"),
    path("metrics", views.metrics, name="metrics"),
    path("settings/", settings.profile, name="settings"),
    path("settings/switch/", settings.switch, name="settings-switch"),
    path("settings/workspace/", settings.workspace, name="settings-workspace"),
    path("settings/people/", settings.people, name="settings-people"),
    path("settings/people/<uuid:membership_id>/", settings.person, name="settings-person"),
    path("settings/people/<uuid:membership_id>/role/", settings.role, name="settings-role"),
    path("settings/people/<uuid:membership_id>/remove/", settings.remove, name="settings-remove"),
    path("settings/calendar/", settings.calendar, name="settings-calendar"),
    path("settings/sign-in/", sign_in_rules.rules, name="settings-sign-in"),
    path("settings/sign-in/add/", sign_in_rules.add, name="settings-provider-add"),
    path(
        "settings/sign-in/add/saml/",
        sign_in_rules.add_saml,
        name="settings-provider-add-saml",
    ),
    path("settings/sign-in/<uuid:provider_id>/", sign_in_rules.change, name="settings-provider"),
    path(
        "settings/sign-in/<uuid:provider_id>/remove/",
        sign_in_rules.remove,
        name="settings-provider-remove",
    ),
    path("closed/", signed_in(providers.closed), name="closed"),
    path("settings/keys/", settings.keys, name="settings-keys"),
    path("settings/keys/<uuid:api_key_id>/revoke/", settings.revoke, name="settings-revoke"),
    path("settings/mail/", outgoing.troubled, name="settings-mail"),
    path(
        "settings/mail/<uuid:outgoing_mail_id>/again/",
        outgoing.send_again,
        name="settings-mail-again",
    ),
    path(
        "settings/mail/<uuid:outgoing_mail_id>/settle/",
        outgoing.settle,
        name="settings-mail-settle",
    ),
    path("exports/", exports.begin, name="list-export-begin"),
    path("exports/<uuid:list_export_id>/", exports.one, name="list-export"),
    path("exports/<uuid:list_export_id>/file", exports.file, name="list-export-file"),
    path("language/", views.choose_language, name="language"),
    path("ui/", views.gallery, name="gallery"),
]
