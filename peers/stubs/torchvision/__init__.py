"""Stands in for torchvision, whose wheels do not load beside a CPU build of torch.

LeRobot imports it at the top of files that a policy of states needs too. Nothing in it is ever
called: a policy of states reads no pictures, and a call would fail by name.
"""

from . import transforms as transforms
