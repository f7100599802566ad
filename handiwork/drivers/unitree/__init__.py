"""The Unitree G1's arms and waist over DDS; its own controller keeps the legs."""

from handiwork.drivers.unitree.arm_sdk import SERVED as SERVED
from handiwork.drivers.unitree.driver import UnitreeConfig as UnitreeConfig
from handiwork.drivers.unitree.driver import UnitreeDriver as UnitreeDriver
from handiwork.drivers.unitree.network import Network as Network
from handiwork.drivers.unitree.network import network_at as network_at
