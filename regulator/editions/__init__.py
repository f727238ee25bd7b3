"""Reference data as editions: proposed by one administrator, approved by another, holding from a day, never
edited.

What an edition may be of (criteria, causes, letters, clocks) each app contributes; what was shipped with the
code holds until an edition begins (docs/decisions/0015).
"""
