"""The one door to the engine's documents: bytes in, frozen values out, and canonical bytes back."""

from scoring.engine.canonical import Json, canonical_bytes, sha256, sha256_of
from scoring.engine.inputs_document import inputs_document, inputs_from_document
from scoring.engine.reading import parse_json
from scoring.engine.results_document import manifest_document, results_document
from scoring.engine.scheme_document import scheme_document, scheme_from_document
from scoring.engine.types import BatchResult, GradingInputs, Scheme

__all__ = [
    "Json",
    "canonical_bytes",
    "inputs_bytes",
    "inputs_document",
    "inputs_from_bytes",
    "inputs_from_document",
    "manifest_document",
    "results_bytes",
    "results_document",
    "scheme_bytes",
    "scheme_document",
    "scheme_from_bytes",
    "scheme_from_document",
    "scheme_sha256",
    "sha256",
    "sha256_of",
]


def scheme_from_bytes(content: bytes | str) -> Scheme:
    """Read and check a scheme; raises DocumentError."""
    return scheme_from_document(parse_json(content))


def inputs_from_bytes(content: bytes | str) -> GradingInputs:
    """Read frozen inputs; raises DocumentError."""
    return inputs_from_document(parse_json(content))


def scheme_bytes(scheme: Scheme) -> bytes:
    return canonical_bytes(scheme_document(scheme))


def inputs_bytes(inputs: GradingInputs) -> bytes:
    return canonical_bytes(inputs_document(inputs))


def results_bytes(batch: BatchResult) -> bytes:
    return canonical_bytes(results_document(batch))


def scheme_sha256(scheme: Scheme) -> str:
    """The digest by which inputs name their scheme."""
    return sha256_of(scheme_document(scheme))
