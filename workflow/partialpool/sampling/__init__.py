"""From a design to draws: Stan's data and programs, the pilot, the engines, repairs."""
