"""Writes on people, offices and regions."""

from county_portal.accounts.actions.calendar import (
    TypedDay,
    read_days,
    replace_year,
)
from county_portal.accounts.actions.doors import (
    Visitor,
    family_of,
    kept_address,
    note_kept_out,
    note_signed_in,
    note_signed_out,
)
from county_portal.accounts.actions.editing import (
    PersonChange,
    edit_user,
)
from county_portal.accounts.actions.offices import (
    NewOffice,
    close_office,
    create_office,
    order_office,
    rename_office,
)
from county_portal.accounts.actions.people import (
    NewAccount,
    change_own_email,
    change_own_password,
    create_hashed,
    create_provider,
    create_user,
    record_login,
    require_post,
    reset_password,
    set_active,
    unlock,
)
from county_portal.accounts.actions.region_acts import (
    bureau_name_of,
    full_name_of,
    names_in,
)
from county_portal.accounts.actions.regions import (
    Decision,
    Part,
    carry_out_due,
    decide_change,
    require_possible,
    withdraw_change,
)
from county_portal.accounts.actions.townships import register_township

__all__ = [
    "Decision",
    "NewAccount",
    "NewOffice",
    "Part",
    "PersonChange",
    "TypedDay",
    "Visitor",
    "bureau_name_of",
    "carry_out_due",
    "change_own_email",
    "change_own_password",
    "close_office",
    "create_hashed",
    "create_office",
    "create_provider",
    "create_user",
    "decide_change",
    "edit_user",
    "family_of",
    "full_name_of",
    "kept_address",
    "names_in",
    "note_kept_out",
    "note_signed_in",
    "note_signed_out",
    "order_office",
    "read_days",
    "record_login",
    "register_township",
    "rename_office",
    "replace_year",
    "require_possible",
    "require_post",
    "reset_password",
    "set_active",
    "unlock",
    "withdraw_change",
]
