-- answer_kept: what was answered to a key.
SELECT hash, answer FROM request WHERE customer_id = %s AND key = %s;

-- answer_added: what is answered to a key, for good.
INSERT INTO request (customer_id, key, hash, principal, answer, day) VALUES (%s, %s, %s, %s, %s, %s);

-- answers_dropped: answers that nobody will ask for again.
DELETE FROM request WHERE day < %s;

-- principal_read: one principal.
SELECT name, kind, roles, active, since FROM principal WHERE name = %s;

-- principal_asked: always one row: a principal, and whether anybody was added yet.
SELECT principal.kind, principal.roles, principal.active, principal.since, EXISTS (SELECT FROM principal) AS anybody
FROM (VALUES (%s::text)) AS asked (name) LEFT JOIN principal ON principal.name = asked.name;

-- principals_read: all principals.
SELECT name, kind, roles, active, since FROM principal ORDER BY name;

-- principals_locked: nobody else adds or changes principals until the end of the transaction.
LOCK TABLE principal IN SHARE ROW EXCLUSIVE MODE;

-- principal_added: a new principal; no row where the name is taken.
INSERT INTO principal (name, kind, roles, active, since) VALUES (%s, %s, %s, %s, %s) ON CONFLICT (name) DO NOTHING RETURNING name;

-- principal_changed: other roles, or whether somebody may act.
UPDATE principal SET roles = %s, active = %s WHERE name = %s;

-- audit_added: what somebody did.
INSERT INTO audit (customer_id, audit_id, day, principal, action, about, detail, sealed) VALUES (%s, %s, %s, %s, %s, %s, %s, %s);

-- audit_of: what was noted about one customer.
SELECT customer_id, audit_id, at, day, principal, action, about, detail, sealed IS NOT NULL AS has_sealed
FROM audit WHERE customer_id = %s ORDER BY at, audit_id;

-- audit_between: what was noted on some days.
SELECT customer_id, audit_id, at, day, principal, action, about, detail, sealed IS NOT NULL AS has_sealed
FROM audit WHERE day BETWEEN %s AND %s ORDER BY at, audit_id;

-- audit_sealed: the personal part of a row.
SELECT sealed FROM audit WHERE customer_id = %s AND audit_id = %s AND sealed IS NOT NULL;
