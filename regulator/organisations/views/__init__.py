"""The pages of the employer's own house: its people, and its API keys."""
