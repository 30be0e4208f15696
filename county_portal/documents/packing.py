"""Office files are zips; here they are packed so that equal contents give equal bytes."""

import io
import zipfile

_STAMP = (1980, 1, 1, 0, 0, 0)  # the earliest the format knows
_UNIX = 3


def repacked(content: bytes) -> bytes:
    """The same members in a fixed order, without the times the zip module stamps on them."""
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        return packed({name: source.read(name) for name in source.namelist()})


def packed(members: dict[str, bytes]) -> bytes:
    """A zip of these members."""
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w") as target:
        for name in sorted(members, key=_member_order):
            entry = zipfile.ZipInfo(name, date_time=_STAMP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = _UNIX
            target.writestr(entry, members[name])
    return result.getvalue()


def _member_order(name: str) -> tuple[bool, str]:
    """[Content_Types].xml first: some readers know the format by the first member."""
    return name != "[Content_Types].xml", name
