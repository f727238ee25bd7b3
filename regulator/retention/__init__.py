"""Retention: for how long closed cases are kept, which are due, who holds them back, and the lists that two
people approve before anything is removed.

What removing is, each app says (``regulator.casework.redaction``); this room knows no case app.
"""
