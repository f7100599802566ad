"""What a robot is: joints, limits, frames, kinematics."""
