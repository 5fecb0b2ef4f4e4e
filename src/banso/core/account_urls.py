"""Signing in and what belongs to it: allauth's views, each with its mark."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.urls import URLPattern, path, re_path

from banso.core.access import public, signed_in
from banso.core.views.sign_in import SignIn

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
        entrance(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        entrance(account.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    path("2fa/authenticate/", entrance(mfa.authenticate), name="mfa_authenticate"),
    path("reauthenticate/", signed_in(account.reauthenticate), name="account_reauthenticate"),
    path("password/change/", signed_in(account.password_change), name="account_change_password"),
    path("password/set/", signed_in(account.password_set), name="account_set_password"),
    path("email/", signed_in(account.email), name="account_email"),
    path("2fa/", signed_in(mfa.index), name="mfa_index"),
    path("2fa/reauthenticate/", signed_in(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("2fa/totp/activate/", signed_in(totp.activate_totp), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", signed_in(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path(
        "2fa/recovery-codes/",
        signed_in(recovery.view_recovery_codes),
        name="mfa_view_recovery_codes",
    ),
    path(
        "2fa/recovery-codes/generate/",
        signed_in(recovery.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "2fa/recovery-codes/download/",
        signed_in(recovery.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
]
