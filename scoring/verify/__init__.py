"""The stand-alone verifier shipped in every run; `verify.py` imports nothing of ours."""
