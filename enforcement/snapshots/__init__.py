"""Copies of the whole register, one for each night on which it had changed."""
