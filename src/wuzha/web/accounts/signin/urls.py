"""The addresses of signing in. They stand among those of people and units, under the same name."""

from django.urls import path

from wuzha.web.accounts.signin.views import central, log_in, reset, security

urlpatterns = [
    path("log-in/", log_in.LogIn.as_view(), name="log-in"),
    path("log-in/second/", log_in.show_second, name="log-in-second"),
    path("log-in/passkey/", log_in.log_in_by_passkey, name="log-in-passkey"),
    path("log-in/passkey/options/", log_in.give_options, name="log-in-options"),
    path("log-in/central/", central.begin_central, name="log-in-central"),
    path("log-in/central/back/", central.end_central, name="log-in-central-back"),
    path("log-out/", log_in.log_out, name="log-out"),
    path("me/password/", security.ChangePassword.as_view(), name="change-password"),
    path("me/security/", security.show_security, name="security"),
    path("me/security/app/", security.set_up_app, name="factor-app"),
    path("me/security/passkey/", security.add_passkey, name="factor-passkey"),
    path("me/security/passkey/options/", security.give_passkey_options, name="factor-passkey-options"),
    path("me/security/proof/options/", security.give_proof_options, name="proof-options"),
    path("me/security/codes/", security.renew_codes, name="factor-codes"),
    path("me/security/factors/<int:number>/remove/", security.remove_factor, name="factor-remove"),
    path("units/<str:code>/people/<int:number>/second-step/", reset.reset_factors, name="factor-reset"),
    path("me/security/sessions/<int:number>/end/", security.end_session, name="session-end"),
    path("me/security/sessions/end-others/", security.end_other_sessions, name="session-end-others"),
]
