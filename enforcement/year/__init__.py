"""A published year: its tables read and checked, a plan of invented cases that adds up to them, its replay.

``tables`` and ``plan`` are pure. The ``replay_*`` modules play each kind of case through its services;
``load`` does their steps in the order of time. It stands on the top floor because it runs the whole chain.
"""
