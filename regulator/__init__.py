"""The platform: what every kind of case stands on. Knows no case app."""

from regulator.celery import app as celery_app

__all__ = ["celery_app"]
