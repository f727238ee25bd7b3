"""Enforcement: notices, appeals, compliance; publication decides what becomes public."""
