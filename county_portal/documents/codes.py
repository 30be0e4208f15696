"""Short codes of issued documents: 60 random bits in 12 characters that people can copy from paper."""

import secrets

# Crockford's alphabet: without I, L, O and U, which are misread.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
_MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0", "-": "", " ": "", "－": "", "　": ""})


def new_code() -> str:
    """A code nobody can guess."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(LENGTH))


def shown_code(code: str) -> str:
    """As printed: 7K3M-92QF-0XTC."""
    return "-".join(code[start : start + 4] for start in range(0, LENGTH, 4))


def read_code(typed: str) -> str | None:
    """The code somebody typed or scanned, however they wrote it; None for what cannot be one."""
    code = typed.strip().upper().translate(_MISREAD)
    return code if len(code) == LENGTH and set(code) <= set(_ALPHABET) else None
