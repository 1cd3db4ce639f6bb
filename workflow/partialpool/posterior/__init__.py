"""What was drawn, by name: draws, linear predictor, rates."""
