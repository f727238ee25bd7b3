"""The diary: who leads how much, what is planned when, and each inspector's own dates as a feed for their
calendar.

The feed is read by a secret in its address, since calendars sign in nowhere; so it names no employer and no
site.
"""
