"""Employers, their sites, their people and their activity (the denominators)."""
