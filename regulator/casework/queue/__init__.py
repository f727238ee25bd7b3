"""The work queue's rules: how it is filtered, ordered, walked and exported, and what is done to many at once.

Nothing here knows a page. ``registries`` is where apps contribute what only they know.
"""
