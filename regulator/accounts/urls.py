"""The routes of signing in, each with its policy. Most views are allauth's.

Nobody signs up, and nobody changes their own address: an employer's lead or an administrator does.
"""

from allauth.account import views
from allauth.mfa.base.views import authenticate
from django.urls import include, path, re_path

from regulator.accounts import views_oidc
from regulator.accounts import views_second_factor as second_factor
from regulator.accounts.policies import PUBLIC, SIGNED_IN, declare, declare_all
from regulator.accounts.second_factor import SET_UP
from regulator.accounts.views_sign_out import sign_out

urlpatterns = [
    path("login/", declare(PUBLIC)(views.login), name="account_login"),
    path("logout/", sign_out, name="account_logout"),
    path("signup/", declare(PUBLIC)(views.signup), name="account_signup"),
    path("inactive/", declare(PUBLIC)(views.account_inactive), name="account_inactive"),
    path("reauthenticate/", declare(SIGNED_IN)(views.reauthenticate), name="account_reauthenticate"),
    path("password/change/", declare(SIGNED_IN)(views.password_change), name="account_change_password"),
    path("password/set/", declare(SIGNED_IN)(views.password_set), name="account_set_password"),
    path("password/reset/", declare(PUBLIC)(views.password_reset), name="account_reset_password"),
    path(
        "password/reset/done/", declare(PUBLIC)(views.password_reset_done), name="account_reset_password_done"
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        declare(PUBLIC)(views.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        declare(PUBLIC)(views.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    path("oidc/", views_oidc.begin, name="staff_oidc_login"),
    path("oidc/callback/", views_oidc.callback, name="staff_oidc_callback"),
    path("oidc/cancelled/", declare(PUBLIC)(views.login), name="socialaccount_login_cancelled"),
    # Asked between the password and the session: nobody is signed in yet, and allauth lets nobody else in.
    path("second-factor/authenticate/", declare(PUBLIC)(authenticate), name="mfa_authenticate"),
    path("second-factor/set-up/", second_factor.set_up, name=SET_UP),
    path(
        "second-factor/webauthn/keys/<int:pk>/remove/",
        second_factor.remove_passkey,
        name="mfa_remove_webauthn",
    ),
    *declare_all(SIGNED_IN, [path("second-factor/", include("allauth.mfa.urls"))]),
]
