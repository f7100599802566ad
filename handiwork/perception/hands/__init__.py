"""Hands in pictures: 21 keypoints, and where they are in space."""
