"""The pages of guidance for the public and for employers."""
