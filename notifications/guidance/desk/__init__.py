"""The desk's pages of guidance and of what readers say."""
