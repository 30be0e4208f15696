import errno
import hashlib
import threading

import pytest

from county_portal.common.errors import Refused
from county_portal.files import store


def stored(root):
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())


def test_content_lies_under_its_digest(files_dir):
    blob = store.put([b"ab", b"", b"c"])

    digest = hashlib.sha256(b"abc").hexdigest()
    assert (blob.sha256, blob.size) == (digest, 3)
    assert stored(files_dir) == [f"{digest[:2]}/{digest}"]
    assert store.path_of(digest).read_bytes() == b"abc"
    assert store.path_of(digest).stat().st_mode & 0o777 == 0o640


def test_equal_contents_share_one_blob(files_dir):
    first = store.put([b"same"])
    inode = store.path_of(first.sha256).stat().st_ino

    second = store.put([b"sa", b"me"])

    assert first == second
    assert store.path_of(first.sha256).stat().st_ino == inode
    assert len(stored(files_dir)) == 1


@pytest.mark.parametrize("error", [RuntimeError("cut off"), OSError(errno.EIO, "cut off")])
def test_a_broken_stream_leaves_nothing(files_dir, error):
    def chunks():
        yield b"half"
        raise error

    with pytest.raises(type(error), match="cut off"):
        store.put(chunks())

    assert stored(files_dir) == []


def test_a_disk_that_fills_up_meanwhile_is_a_refusal(files_dir):
    def chunks():
        yield b"half"
        raise OSError(errno.ENOSPC, "no space")

    with pytest.raises(Refused) as refusal:
        store.put(chunks())

    assert (refusal.value.code, refusal.value.status) == ("disk_full", 503)
    assert stored(files_dir) == []


def test_a_nearly_full_disk_is_refused_before_writing(files_dir, settings):
    settings.FILES_MIN_FREE_BYTES = 2**62

    with pytest.raises(Refused, match="disk_full"):
        store.put([b"x"])

    assert stored(files_dir) == []


def test_nothing_half_written_is_ever_visible(files_dir):
    """While one writes slowly, its content has no name yet."""
    may_end, seen = threading.Event(), threading.Event()

    def chunks():
        yield b"first half"
        seen.set()
        may_end.wait(5)
        yield b"second half"

    writer = threading.Thread(target=lambda: store.put(chunks()))
    writer.start()
    seen.wait(5)
    names = stored(files_dir)
    may_end.set()
    writer.join()

    assert all(name.startswith(store.ASIDE) for name in names)
    assert len(names) == 1
    assert not any(name.startswith(store.ASIDE) for name in stored(files_dir))


def test_many_writers_of_one_content(files_dir):
    threads = [threading.Thread(target=store.put, args=([b"same" * 1000],)) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(stored(files_dir)) == 1


def test_a_file_on_disk_is_stored(files_dir, tmp_path):
    path = tmp_path / "report.pdf"
    path.write_bytes(b"x" * (2 * 1024 * 1024 + 1))

    blob = store.put_file(path)

    assert blob.size == 2 * 1024 * 1024 + 1
    assert store.path_of(blob.sha256).read_bytes() == path.read_bytes()
