"""Coverage goals of a province (S4): how far each is reached, and who is missing."""
