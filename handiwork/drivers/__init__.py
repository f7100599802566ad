"""Real robots behind `handiwork.ports.ArmDriver`, one file each; each needs its maker's package."""
