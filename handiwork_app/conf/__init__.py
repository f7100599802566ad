"""Hydra's settings: one file per choice of app, task, robot and policy."""
