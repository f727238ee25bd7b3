"""A published year: its tables read and checked, and a plan of invented cases that adds up to them.

Pure: no database and no network. ``load_year`` plays the plan through the services.
"""
