"""CQC's people as administrators keep them: who joins, in which role, who leaves, how they sign in, and the
record of it all. What a person is, and what a role may do, is ``regulator.accounts``."""
