"""The audit log is sealed without waiting for anybody, and the first row that was tampered with is named."""

from collections.abc import Callable, Iterator
from io import StringIO
from threading import Event

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection
from django.db.backends.base.base import BaseDatabaseWrapper

from audit import digests, sealing, verifying
from audit.models import Entry, Seal, SealHead

pytestmark = pytest.mark.django_db(transaction=True)

INSERT = """INSERT INTO audit_entry (actor_label, verb, object_kind, object_code, from_status, to_status,
    reason, data, request_id) VALUES ('System', %s, 'Thing', 'T1', '', '', '', '{}', '') RETURNING id"""

Open = Callable[[], BaseDatabaseWrapper]


@pytest.fixture
def other_session() -> Iterator[Open]:
    """Open further connections, each in a transaction of its own."""
    opened: list[BaseDatabaseWrapper] = []

    def open_one() -> BaseDatabaseWrapper:
        opened.append(connection.copy())
        opened[-1].set_autocommit(False)
        return opened[-1]

    yield open_one
    for each in opened:
        each.close()


def write(count: int, *, on: BaseDatabaseWrapper = connection) -> list[int]:  # type: ignore[assignment]
    with on.cursor() as cursor:
        return [cursor.execute(INSERT, [f"did {n}"]).fetchone()[0] for n in range(count)]


def seal_all() -> None:
    """Other tests' transactions on this server are older than ours for a moment: wait for them."""
    for _attempt in range(200):
        sealing.seal_entries()
        if not unsealed():
            return
        Event().wait(0.1)
    raise AssertionError(f"not sealed: {unsealed()}")


def unsealed() -> list[int]:
    head = SealHead.objects.get(pk=1)
    return list(Entry.objects.filter(id__gt=head.last_id).values_list("id", flat=True))


def tamper(sql: str, *values: object) -> None:
    """What somebody with all rights in the database would do."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql, values)
        cursor.execute("SET session_replication_role = DEFAULT")


def verify() -> str:
    told = StringIO()
    call_command("verify_audit", stdout=told)
    return told.getvalue()


@pytest.fixture
def entries(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Twelve entries under three seals."""
    monkeypatch.setattr(sealing, "BATCH", 4)
    ids = write(12)
    seal_all()
    assert Seal.objects.count() == 3
    return ids


def test_an_untouched_log_holds_and_its_unsealed_tail_is_named(entries: list[int]) -> None:
    newest = write(2)

    told = verify()

    assert "12 entries in 3 seals hold" in told
    assert f"Not sealed yet: 2 entries, {newest[0]} to {newest[1]}." in told


def test_an_empty_log_holds() -> None:
    sealing.seal_entries()
    assert "0 entries in 0 seals hold" in verify()


@pytest.mark.parametrize("place", [0, 5, 11])
def test_a_changed_entry_is_named(entries: list[int], place: int) -> None:
    tamper("UPDATE audit_entry SET actor_label = 'Somebody else' WHERE id = %s", entries[place])
    with pytest.raises(CommandError, match=f"entry {entries[place]} was changed"):
        verify()


@pytest.mark.parametrize(
    "change", ["at = at + interval '1 microsecond'", "data = '{\"a\": 1}'", "address = '192.0.2.1'"]
)
def test_every_part_of_an_entry_counts(entries: list[int], change: str) -> None:
    tamper(f"UPDATE audit_entry SET {change} WHERE id = %s", entries[6])
    with pytest.raises(CommandError, match=f"entry {entries[6]} was changed"):
        verify()


@pytest.mark.parametrize("place", [0, 3, 4, 11])
def test_a_deleted_entry_is_named(entries: list[int], place: int) -> None:
    tamper("DELETE FROM audit_entry WHERE id = %s", entries[place])
    with pytest.raises(CommandError, match=f"entry {entries[place]} is missing"):
        verify()


def test_an_entry_slipped_in_is_named() -> None:
    first = write(1)[0]
    with connection.cursor() as cursor:  # a number that no row has, as a transaction rolled back leaves it
        cursor.execute("SELECT nextval(pg_get_serial_sequence('audit_entry', 'id'))")
    write(1)
    seal_all()
    tamper(
        INSERT.replace("(actor_label", "(id, actor_label").replace("('System'", f"({first + 1}, 'System'"),
        "forged",
    )

    with pytest.raises(CommandError, match=f"entry {first + 1} was slipped in"):
        verify()


def test_seals_cut_off_at_the_end_are_missed(entries: list[int]) -> None:
    tamper("DELETE FROM audit_seal WHERE number > 1")
    with pytest.raises(
        CommandError, match=f"seal 2 and all after it are missing: nothing proves {entries[4]} on"
    ):
        verify()


def test_a_log_cut_off_together_with_its_end_is_known_by_a_hash_kept_elsewhere(entries: list[int]) -> None:
    kept = SealHead.objects.get().hash
    first = Seal.objects.get(number=1)
    tamper("DELETE FROM audit_seal WHERE number > 1")
    tamper("DELETE FROM audit_entry WHERE id > %s", first.last_id)
    SealHead.objects.update(number=1, last_id=first.last_id, hash=first.hash)

    assert "4 entries in 1 seals hold" in verify()
    with pytest.raises(CommandError, match="none has the known hash"):
        call_command("verify_audit", known=kept, stdout=StringIO())


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("UPDATE audit_seal SET count = 3 WHERE number = 2", "seal 2 was changed"),
        ("UPDATE audit_seal SET digests = ''::bytea WHERE number = 2", "seal 2 was changed"),
        ("DELETE FROM audit_seal WHERE number = 2", "seal 2 is missing"),
        ("DELETE FROM audit_seal WHERE number = 1", "seal 1 is missing"),
    ],
)
def test_a_seal_that_was_tampered_with_is_named(entries: list[int], sql: str, told: str) -> None:
    tamper(sql)
    with pytest.raises(CommandError, match=told):
        verify()


@pytest.mark.parametrize("sql", ["UPDATE audit_seal SET count = 3", "DELETE FROM audit_seal"])
def test_the_database_refuses_to_change_seals(entries: list[int], sql: str) -> None:
    with connection.cursor() as cursor, pytest.raises(ProgrammingError):
        cursor.execute(sql)
    assert "12 entries in 3 seals hold" in verify()


def test_no_entry_is_left_between_seals_by_a_slow_transaction(other_session: Open) -> None:
    early, slow = other_session(), other_session()
    first = write(1, on=early)  # an old transaction ...
    low = write(1, on=slow)  # ... a younger one that numbers its entry before ...
    high = write(1, on=early)  # ... the old one numbers its last
    early.commit()

    for _run in range(3):
        sealing.seal_entries()

    assert low[0] not in unsealed()  # nobody else can see it yet
    assert high[0] in unsealed(), "a row was sealed past one that may still come"
    slow.commit()
    seal_all()
    assert [
        line[0] for seal in Seal.objects.order_by("number") for line in _lines(seal)
    ] == first + low + high
    assert "3 entries" in verify()


def test_nobody_who_writes_waits_for_a_seal(other_session: Open) -> None:
    write(3)
    seal_all()
    sealer = other_session()
    with sealer.cursor() as cursor:
        cursor.execute("SELECT * FROM audit_sealhead FOR UPDATE")
        cursor.execute("SELECT * FROM audit_entry")
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '1ms'")
        write(1)
        cursor.execute("RESET lock_timeout")
    assert verifying.tail(SealHead.objects.get().last_id).count == 1


def test_after_a_restore_on_a_server_that_counts_anew_sealing_goes_on() -> None:
    write(1)
    SealHead.objects.create(pk=1, mark_id=1_000_000, mark_xid=2**60)
    seal_all()
    assert "1 entries in 1 seals hold" in verify()


def _lines(seal: Seal) -> Iterator[tuple[int, bytes]]:
    return digests.unpack(bytes(seal.digests))
