"""What the camera sees: clouds in the robot's base, things on a table, poses of known objects."""
