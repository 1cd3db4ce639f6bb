"""What follows: effects of the treatment, the answer, rates of new data."""
