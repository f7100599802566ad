"""What the camera sees: the pose of the T on the table, from colour, depth and its known shape."""
