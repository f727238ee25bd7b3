"""Case and everything that hangs on one: references, lifecycle, events, notes, attachments, requests."""
