"""The page on recovery: lifts of known size, called or not."""
