"""Empty: LeRobot only imports it on the way to a policy of states."""
