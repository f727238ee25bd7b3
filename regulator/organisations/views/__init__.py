"""The pages of the employer's own house: its people, its sites, and its API keys."""
