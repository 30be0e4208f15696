import pytest

from county_portal.common.errors import Invalid, NotAllowed, Refused, Stale


@pytest.mark.parametrize(
    "refusal, status",
    [
        (Refused("some_code", "句子。"), 409),
        (Stale("stale_state", "句子。"), 409),
        (NotAllowed(), 403),
        (Invalid("wrong", "句子。", "cell"), 422),
    ],
)
def test_status(refusal, status):
    assert refusal.status == status
    assert str(refusal) == f"{refusal.code}: {refusal.sentence}"
