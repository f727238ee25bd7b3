"""The pages of action plans: the employer's, and the desk's."""
