"""Accounts."""

from __future__ import annotations

import pytest

from backfile.domain.user import Role
from backfile.errors import UsageError
from backfile.services.accounts import add_user, disable_user, list_users, set_password
from backfile.store.catalog import Catalog


def test_an_account_is_kept_with_an_argon2id_hash_only(catalog: Catalog) -> None:
    add_user("tina", Role.TECHNICIAN, "a long password", catalog=catalog, actor="ann")
    with catalog.look() as uow:
        stored = uow.users.password_hash("tina")
    assert stored is not None
    assert stored.startswith("$argon2id$")
    set_password("tina", "another password", catalog=catalog, actor="ann")
    disable_user("tina", catalog=catalog, actor="ann")
    (user,) = list_users(catalog=catalog)
    assert (user.name, user.role, user.disabled) == ("tina", Role.TECHNICIAN, True)


def test_what_is_wrong_is_said(catalog: Catalog) -> None:
    add_user("tina", Role.TECHNICIAN, "a long password", catalog=catalog, actor="ann")
    with pytest.raises(UsageError, match="already"):
        add_user("tina", Role.CLINICIAN, "a long password", catalog=catalog, actor="ann")
    with pytest.raises(UsageError, match="fewer than 12"):
        add_user("tom", Role.CLINICIAN, "short", catalog=catalog, actor="ann")
    with pytest.raises(UsageError, match="no account"):
        disable_user("tom", catalog=catalog, actor="ann")
