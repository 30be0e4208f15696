"""Asking the interface as programs do."""

import json

from django.test import Client


def ask(path, *, token="", method="GET", body=None, key="", **headers):
    """The answer to a program without cookies; `body` goes as JSON."""
    if token:
        headers["Authorization"] = f"Bearer {token}"
    if key:
        headers["Idempotency-Key"] = key
    client = Client(raise_request_exception=False)
    data = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
    return client.generic(method, path, headers=headers, **data)


def told(answer, status):
    """The problem an answer tells, having the status."""
    assert answer.status_code == status, answer.content.decode()
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert problem["detail"].endswith(("。", "！"))
    return problem
