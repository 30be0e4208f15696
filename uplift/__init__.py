"""Uplift plans: targets by class, stages, growth, the special fund."""
