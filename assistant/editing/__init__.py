"""Changing the corpus from the web page: what stands where, drafts, changes, undo, the build."""
