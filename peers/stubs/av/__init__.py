"""An empty stand-in: LeRobot imports it for videos, of which a policy of states has none."""

from . import logging as logging
