"""The commands ``user`` and ``audit``."""

from __future__ import annotations

import argparse
import getpass
import sys
from typing import Any

from backfile.domain.audit import AuditAction, find_broken_seal
from backfile.domain.user import Role
from backfile.errors import ExitCode, IntegrityViolated
from backfile.services.accounts import add_user, disable_user, list_users, set_password
from ingest.cli.actor import actor
from ingest.cli.output import print_json, print_line, say
from ingest.workshop import open_workshop

Commands = Any


def add_commands(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Add the commands of this group."""
    user = commands.add_parser("user", help="manage accounts").add_subparsers(
        dest="user_command", metavar="COMMAND", required=True
    )
    add = user.add_parser("add", parents=[common], help="add an account")
    add.add_argument("name", metavar="NAME")
    add.add_argument("--role", required=True, choices=[role.value for role in Role])
    add.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
    add.set_defaults(run=run_user_add)
    listing = user.add_parser("list", parents=[common], help="list accounts")
    listing.add_argument("--json", action="store_true", help="a JSON object a line")
    listing.set_defaults(run=run_user_list)
    disable = user.add_parser("disable", parents=[common], help="close an account")
    disable.add_argument("name", metavar="NAME")
    disable.set_defaults(run=run_user_disable)
    passwd = user.add_parser("passwd", parents=[common], help="give an account a new password")
    passwd.add_argument("name", metavar="NAME")
    passwd.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
    passwd.set_defaults(run=run_user_passwd)

    audit = commands.add_parser("audit", help="the audit trail").add_subparsers(
        dest="audit_command", metavar="COMMAND", required=True
    )
    verify = audit.add_parser("verify", parents=[common], help="check that the trail was not altered")
    verify.add_argument("--json", action="store_true", help="a JSON object")
    verify.set_defaults(run=run_audit_verify)


def run_user_add(options: argparse.Namespace) -> int:
    """Add an account."""
    workshop = open_workshop(options.home)
    password = _ask_password(options)
    user = add_user(options.name, Role(options.role), password, catalog=workshop.catalog, actor=actor())
    say(f"Account {user.name} ({user.role.value}) added.")
    return ExitCode.DONE


def run_user_list(options: argparse.Namespace) -> int:
    """List accounts."""
    workshop = open_workshop(options.home)
    for user in list_users(catalog=workshop.catalog):
        if options.json:
            print_json({"name": user.name, "role": user.role.value, "disabled": user.disabled})
        else:
            print_line(f"{user.name}  {user.role.value}{'  disabled' if user.disabled else ''}")
    return ExitCode.DONE


def run_user_disable(options: argparse.Namespace) -> int:
    """Close an account."""
    workshop = open_workshop(options.home)
    disable_user(options.name, catalog=workshop.catalog, actor=actor())
    say(f"Account {options.name} is closed.")
    return ExitCode.DONE


def run_user_passwd(options: argparse.Namespace) -> int:
    """Give an account a new password."""
    workshop = open_workshop(options.home)
    set_password(options.name, _ask_password(options), catalog=workshop.catalog, actor=actor())
    say(f"Account {options.name} has a new password.")
    return ExitCode.DONE


def _ask_password(options: argparse.Namespace) -> str:
    if options.password_stdin or not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    return getpass.getpass("Password: ")


def run_audit_verify(options: argparse.Namespace) -> int:
    """Check the chain of the audit trail, and note that it was checked."""
    workshop = open_workshop(options.home)
    with workshop.catalog.look() as uow:
        broken = find_broken_seal(uow.audit.all())
        number, seal = uow.audit.head()
    if options.json:
        print_json({"sound": broken is None, "events": number, "head": seal, "broken_at": broken})
    if broken is not None:
        raise IntegrityViolated(
            f"The audit trail was altered at event {broken}.",
            next_step="Keep the home as it is and compare it with the last backup.",
        )
    with workshop.catalog.begin() as uow:
        uow.record(AuditAction.CATALOG_VERIFIED, "catalog", "audit", actor=actor())
        uow.commit()
    if not options.json:
        print_line(f"The audit trail is sound: {number} events, head {seal}")
    return ExitCode.DONE
