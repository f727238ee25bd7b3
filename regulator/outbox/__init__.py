"""E-mail: written in the same transaction as the change it tells of, sent by Celery."""
