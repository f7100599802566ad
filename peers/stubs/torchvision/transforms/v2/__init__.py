"""Only what LeRobot's own augmentations inherit from; a policy of states makes none."""


class Transform:
    """A base class that nothing is made of here."""
