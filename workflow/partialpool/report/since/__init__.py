"""What changed since a kept run."""
