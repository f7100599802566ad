"""Which messages may be lost and which wait for a late listener, named once.

Source: REP-2003 (sensor drivers publish reliable, consumers take what comes).
"""

from rclpy.qos import DurabilityPolicy, QoSProfile, ReliabilityPolicy

RELIABLE = QoSProfile(depth=10)
NEWEST = QoSProfile(depth=1)  # a slow reader skips what it missed
IMAGE = QoSProfile(depth=2)  # publisher side: reliable
IMAGE_READER = QoSProfile(depth=1, reliability=ReliabilityPolicy.BEST_EFFORT)
LATCHED = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
LATCHED_READER = QoSProfile(depth=100, durability=DurabilityPolicy.TRANSIENT_LOCAL)
