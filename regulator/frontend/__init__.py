"""The GOV.UK front end: how it is built, and the Python side of its forms and navigation."""
