"""The pages of questionnaires: the employer's, and the desk's."""
