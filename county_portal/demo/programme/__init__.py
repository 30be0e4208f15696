"""The pilot programme of the demonstration: two past batches and a round in full swing, act by act."""
