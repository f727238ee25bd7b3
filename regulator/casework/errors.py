"""Why a deed was refused. Each message is for the person who tried; pages show it, the API carries it."""

from django.core.exceptions import ValidationError

from regulator.organisations.policies import NotPermitted
from regulator.organisations.refusals import NotAllowedNow, Refused, StaleVersion

__all__ = ["NotAllowedNow", "NotPermitted", "Refused", "StaleVersion", "ValidationError"]
