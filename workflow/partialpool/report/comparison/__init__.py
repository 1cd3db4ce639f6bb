"""The section that sets the models side by side."""
