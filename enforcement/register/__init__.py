"""The public enforcement register: its own table, pages and API. Imports no case."""
