"""The employer's pages. Each parses, calls one service or query, and renders."""
