"""The page on calibration: ranks of the truth, evenly spread or not."""
