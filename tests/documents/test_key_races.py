"""Keys under concurrency, on real connections: one first key, none retired while something is signed with it."""

import threading
import time

import pytest
from django.db import connection, transaction
from django.utils import timezone

from county_portal.documents.actions.keys import renew_key, signing_key
from county_portal.documents.keys import keys_folder
from county_portal.documents.models import VerificationKey
from tests.common.committed import in_threads


@pytest.fixture(autouse=True)
def keys_dir(settings, tmp_path):
    settings.DOCUMENT_KEYS_DIR = tmp_path / "keys"


def take_key(_number=0):
    with transaction.atomic():
        return signing_key().kid


def test_eight_that_find_no_key_make_one(committed_db):
    kids = in_threads(8, take_key)

    assert len(set(kids)) == 1
    assert len(list(keys_folder().glob("*.pem"))) == 1
    assert VerificationKey.objects.get().retired_at is None


def test_a_key_is_not_retired_while_something_is_signed_with_it(committed_db):
    first = take_key()
    signed, renewing = threading.Event(), threading.Event()

    def work(number):
        if number == 0:
            with transaction.atomic():
                signing_key()
                signed.set()
                renewing.wait(timeout=20)
                time.sleep(0.5)
                return timezone.now()
        signed.wait(timeout=20)
        renewing.set()
        return renew_key(actor=None).kid

    ended, second = in_threads(2, work)

    retired = VerificationKey.objects.get(kid=first).retired_at
    assert retired is not None
    assert take_key() == second
    # Dated when it was asked for, it would be before what was signed meanwhile.
    assert ended < retired


def test_many_at_once_while_the_key_is_renewed_use_a_key_in_use(committed_db):
    first = take_key()

    def work(number):
        return renew_key(actor=None).kid if number == 0 else take_key()

    second, *used = in_threads(8, work)

    assert set(used) <= {first, second}
    assert VerificationKey.objects.filter(retired_at__isnull=True).get().kid == second
    assert connection.is_usable()
