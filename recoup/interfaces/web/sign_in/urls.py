"""Addresses of the door. allauth finds its own by the names it gave them."""

from django.urls import URLPattern, path

from recoup.interfaces.web.sign_in import enrolling, keys, pages, sign_ins, views

_sign_in = pages.SignIn.as_view()

urlpatterns: list[URLPattern] = [
    path("login", _sign_in, name="login"),
    path("login", _sign_in, name="account_login"),
    path("login/factor", pages.Factor.as_view(), name="mfa_authenticate"),
    path("login/passkey", pages.PasskeySignIn.as_view(), name="mfa_login_webauthn"),
    path("login/sso", views.sso, name="sso"),
    path("login/sso/callback", views.sso_callback, name="sso_callback"),
    path("login/refused", views.refused, name="socialaccount_login_cancelled"),
    path("logout", views.sign_out, name="logout"),
    path("account", views.own_page, name="mfa_index"),
    path("account/factor", views.factor_needed, name="second_factor"),
    path("account/enrol", enrolling.enrol, name="enrol"),
    path("account/factors/<int:pk>/name", views.rename_factor, name="rename_factor"),
    path("account/password", pages.ChangePassword.as_view(), name="account_change_password"),
    path("account/confirm", pages.ConfirmPassword.as_view(), name="account_reauthenticate"),
    path("account/confirm/code", pages.ConfirmCode.as_view(), name="mfa_reauthenticate"),
    path(
        "account/confirm/passkey",
        pages.ConfirmPasskey.as_view(),
        name="mfa_reauthenticate_webauthn",
    ),
    path("account/app", pages.SetUpApp.as_view(), name="mfa_activate_totp"),
    path("account/app/remove", pages.RemoveApp.as_view(), name="mfa_deactivate_totp"),
    path("account/passkeys/new", pages.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path(
        "account/passkeys/<int:pk>/remove",
        pages.RemovePasskey.as_view(),
        name="mfa_remove_webauthn",
    ),
    path("account/codes", pages.Codes.as_view(), name="mfa_view_recovery_codes"),
    path("account/codes/new", pages.NewCodes.as_view(), name="mfa_generate_recovery_codes"),
    path("account/sessions/end", views.end_own_session, name="end_own_session"),
    path("account/sessions/end-others", views.end_other_sessions, name="end_other_sessions"),
    path("account/sessions/end-all", views.end_all_sessions, name="end_all_sessions"),
    path("sign-ins", sign_ins.sign_ins, name="sign_ins"),
    path("sign-ins/<int:user_id>", enrolling.let_in, name="let_in"),
    path("sign-ins/<int:user_id>/code", enrolling.issue_code, name="issue_code"),
    path("sign-ins/<int:user_id>/factors", enrolling.reset_factors, name="reset_factors"),
    path("sign-ins/<int:user_id>/password", enrolling.give_password, name="give_password"),
    path("sign-ins/<int:user_id>/end", sign_ins.end, name="end_sign_ins"),
    path("service-keys", keys.service_keys, name="service_keys"),
    path("service-keys/new", keys.make, name="make_service_key"),
    path("service-keys/<int:key_id>/rotate", keys.rotate, name="rotate_service_key"),
    path("service-keys/<int:key_id>/revoke", keys.revoke, name="revoke_service_key"),
]
