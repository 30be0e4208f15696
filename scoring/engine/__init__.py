"""The scoring engine (S3, annex): figures and a scheme in, explained scores out; pure Python."""
