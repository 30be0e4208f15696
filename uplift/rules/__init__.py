"""What a plan says and whether it adds up; pure."""
