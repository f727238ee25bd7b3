"""To CQC's identity provider and back. Not there where none is configured."""

import logging
from http import HTTPStatus

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from regulator.accounts.policies import PUBLIC, declare
from regulator.accounts.provider import PROVIDER, ProviderUnavailable, StaffOAuth2Adapter, StaffProvider

logger = logging.getLogger(__name__)


@declare(PUBLIC)
@require_safe
def begin(request: HttpRequest) -> HttpResponse:
    """On to the provider."""
    try:
        return _provider(request).begin(request)
    except ProviderUnavailable:
        return _unavailable(request)


@declare(PUBLIC)
@require_safe
def callback(request: HttpRequest) -> HttpResponse:
    """Back from the provider: signed in, on to the second step, or refused in words that tell a stranger
    nothing."""
    adapter = StaffOAuth2Adapter(request, _provider(request).app.provider_id)
    try:
        answer: HttpResponse = OAuth2CallbackView.adapter_view(adapter)(request)
    except ProviderUnavailable:
        return _unavailable(request)
    return answer


def _provider(request: HttpRequest) -> StaffProvider:
    try:
        found: StaffProvider = get_adapter().get_provider(request, PROVIDER)
    except SocialApp.DoesNotExist as none:
        raise Http404("No identity provider is configured.") from none
    return found


def _unavailable(request: HttpRequest) -> HttpResponse:
    logger.warning("the identity provider of staff does not answer")
    context = {"unavailable": True}
    return render(
        request, "socialaccount/authentication_error.html", context, status=HTTPStatus.SERVICE_UNAVAILABLE
    )
