"""Stands in for moveit_py; see README.md beside it."""
