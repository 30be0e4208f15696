"""What is done with uplift plans."""
