"""Hits become a verified answer, or an abstention."""
