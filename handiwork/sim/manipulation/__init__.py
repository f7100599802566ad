"""A Franka arm at a table with small things to lift, place, stack and put together."""
