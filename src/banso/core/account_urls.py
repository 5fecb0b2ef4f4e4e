"""Signing in and what belongs to it: allauth's views and ours, each with its mark."""

from allauth.account import views as account
from django.urls import URLPattern, path, re_path
from django.views.decorators.csrf import csrf_exempt

from banso.core.access import personal, public, signed_in
from banso.core.views import providers, saml, security
from banso.core.views.sign_in import SignIn, SignInByPasskey

entrance = public("The way in: people who are not signed in yet.")

urlpatterns: list[URLPattern] = [
    path("login/", entrance(SignIn.as_view()), name="account_login"),
    path("logout/", entrance(account.logout), name="account_logout"),
    path("inactive/", entrance(account.account_inactive), name="account_inactive"),
    path("signup/", entrance(account.signup), name="account_signup"),
    path("password/reset/", entrance(account.password_reset), name="account_reset_password"),
    path(
        "password/reset/done/",
        entrance(account.password_reset_done),
        name="account_reset_password_done",
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        entrance(security.SetNewPassword.as_view()),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        entrance(account.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    path("2fa/authenticate/", entrance(security.Authenticate.as_view()), name="mfa_authenticate"),
    path("2fa/webauthn/login/", entrance(SignInByPasskey.as_view()), name="mfa_login_webauthn"),
    path("oidc/<uuid:provider_id>/login/", entrance(providers.start), name="oidc-start"),
    path("oidc/<uuid:provider_id>/login/callback/", entrance(providers.callback), name="oidc-back"),
    path("saml/<uuid:provider_id>/login/", entrance(saml.start), name="saml-start"),
    # It comes from another site by its nature; the signed answer is its proof.
    path(
        "saml/<uuid:provider_id>/login/answer/",
        csrf_exempt(entrance(saml.arrive)),
        name="saml-back",
    ),
    path("saml/<uuid:provider_id>/login/enter/", entrance(saml.enter), name="saml-enter"),
    path("saml/<uuid:provider_id>/metadata/", entrance(saml.metadata), name="saml-metadata"),
    path("email/", signed_in(account.email), name="account_email"),
    path(
        "reauthenticate/",
        personal(security.ReauthenticateByPassword.as_view()),
        name="account_reauthenticate",
    ),
    path("password/change/", personal(account.password_change), name="account_change_password"),
    path("password/set/", personal(account.password_set), name="account_set_password"),
    path("sessions/end/", personal(security.end_session), name="account_end_session"),
    path("2fa/", personal(security.index), name="mfa_index"),
    path(
        "2fa/reauthenticate/",
        personal(security.Reauthenticate.as_view()),
        name="mfa_reauthenticate",
    ),
    path("2fa/totp/activate/", personal(security.TurnOn.as_view()), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", personal(security.TurnOff.as_view()), name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", personal(security.codes), name="mfa_view_recovery_codes"),
    path(
        "2fa/recovery-codes/generate/",
        personal(security.NewCodes.as_view()),
        name="mfa_generate_recovery_codes",
    ),
    path("2fa/webauthn/", personal(security.index), name="mfa_list_webauthn"),
    path("2fa/webauthn/add/", personal(security.AddPasskey.as_view()), name="mfa_add_webauthn"),
    path(
        "2fa/webauthn/reauthenticate/",
        personal(security.ReauthenticateByPasskey.as_view()),
        name="mfa_reauthenticate_webauthn",
    ),
    path(
        "2fa/webauthn/keys/<int:authenticator_id>/edit/",
        personal(security.edit_passkey),
        name="mfa_edit_webauthn",
    ),
    path(
        "2fa/webauthn/keys/<int:authenticator_id>/remove/",
        personal(security.remove_passkey),
        name="mfa_remove_webauthn",
    ),
]
