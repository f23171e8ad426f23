-- Rows of the schema before the last migration, written by the owner; the last migration is then applied to them, and none may be lost.
-- Whoever adds a migration adds rows of the tables that it touches, as they were before it.

INSERT INTO request (customer_id, key, hash, principal, answer, day)
VALUES ('00000000-0000-0000-0000-000000000000', 'key', '\x00', 'clerk', '{}', '2026-01-15');

INSERT INTO event (customer_id, number, kind, effective, booked, principal, body)
VALUES ('00000000-0000-0000-0000-000000000000', 1, 'house.opened', '2026-01-15', '2026-01-15', 'clerk', '{}');
