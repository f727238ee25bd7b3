"""Placeholder environment until the front-end lands."""
