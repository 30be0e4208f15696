"""A small province, its people and its sheets, for every test that needs rows.

States are reached through the real actions: a test never sets a field that an action would set.
"""
