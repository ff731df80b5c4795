"""What of a draft may be published: every claim is held against the article, by code alone."""
