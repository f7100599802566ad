"""Scripted demonstrators: they plan from the true poses, in several ways, and are disturbed."""
