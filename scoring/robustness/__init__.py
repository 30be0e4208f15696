"""How firmly the classes of a run stand: small disturbances drawn many times over. Pure of Django.

Floating point is used in here and nowhere else in scoring: nothing that leaves this package is a score.
"""
