"""`handiwork bench`: how fast policies act and learn, side by side on one machine."""
