"""Hints for reviewers: patterns that honest figures seldom show. Pure of Django; a hint is a question, never a finding.

Each test says its statistic, its threshold and how often honest data sets it off (`false_alarms.json`).
"""
