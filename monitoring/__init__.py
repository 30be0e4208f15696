"""Early warning: what the year will end at, what is off its way, who is told."""
