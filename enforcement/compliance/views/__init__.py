"""The employer's pages of its notices: reading them, and answering them."""
