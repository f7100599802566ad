"""The ROS 2 nodes: thin shells around the core. One file per node."""
