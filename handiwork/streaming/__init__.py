"""A stream of chunks while the robot moves: what is already decided, and when to begin anew."""
