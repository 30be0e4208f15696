"""Pure decisions of the pilot programme; each names the paragraph of S0 it comes from."""
