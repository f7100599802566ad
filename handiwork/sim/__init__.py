"""Worlds that stand in for the table, the arm and the camera; only here is MuJoCo known."""
