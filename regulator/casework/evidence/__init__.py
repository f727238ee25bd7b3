"""A case as evidence: as it stood at any past moment, rebuilt from its events, and bundled to be disclosed.

Nothing here reads a row for what may have changed since. See docs/decisions/0016.
"""
