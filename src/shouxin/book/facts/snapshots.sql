-- snapshot_added: what a source said of a customer.
INSERT INTO snapshot (customer_id, number, source, observed, booked, bundle, consent, file, sealed)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s);

-- snapshots_known: of each source what it said last, of what was known by a day.
SELECT DISTINCT ON (source) number, source, observed, booked, bundle, consent, sealed FROM snapshot
WHERE customer_id = %s AND booked <= %s ORDER BY source, observed DESC, number DESC;

-- snapshots_loaded: which customers have what from a file already.
SELECT customer_id, source FROM snapshot WHERE customer_id = ANY(%s::uuid[]) AND file = %s;

-- customers_present: which of some ids are customers whose data can be sealed, the house not among them.
SELECT c.customer_id FROM customer AS c JOIN customer_key AS k ON k.customer_id = c.customer_id
WHERE c.customer_id = ANY(%s::uuid[]) AND c.kind <> 'house';

-- keys_of_many: the keys of several customers.
SELECT customer_id, key_id, wrapped FROM customer_key WHERE customer_id = ANY(%s::uuid[]);

-- consents_of_many: the consents of several customers with their withdrawals.
SELECT given.customer_id, given.number, given.purpose, given.text_version, given.language, given.given_on, given.ends_on,
  ended.withdrawn_on
FROM consent AS given
LEFT JOIN consent_withdrawal AS ended ON ended.customer_id = given.customer_id AND ended.consent = given.number
WHERE given.customer_id = ANY(%s::uuid[]) ORDER BY given.customer_id, given.number;

-- consents_known: the consents of a customer that were on record by a day, each with the day since which it was.
SELECT given.number, given.purpose, given.text_version, given.language, given.given_on, given.ends_on, ended.withdrawn_on, e.booked
FROM consent AS given
JOIN event AS e ON e.customer_id = given.customer_id AND e.number = given.number
LEFT JOIN consent_withdrawal AS ended ON ended.customer_id = given.customer_id AND ended.consent = given.number
WHERE given.customer_id = %s AND e.booked <= %s ORDER BY given.number;

-- record_known: what a customer is, and the state that was on record by a day.
SELECT c.kind, c.since, changed.state, changed.effective, changed.booked FROM customer AS c
LEFT JOIN LATERAL (
  SELECT e.body ->> 'to' AS state, e.effective, e.booked FROM event AS e
  WHERE e.customer_id = c.customer_id AND e.kind = 'customer.state_changed' AND e.booked <= %s ORDER BY e.number DESC LIMIT 1
) AS changed ON TRUE
WHERE c.customer_id = %s AND c.since <= %s;

-- links_known: who was linked to a customer on a day, in either direction, by what was on record by then.
WITH asked AS (
  SELECT %s::uuid AS customer, %s::date AS day
), link AS (
  SELECT customer_id, number, valid_from, linked_id AS other FROM linked_person, asked WHERE customer_id = asked.customer
  UNION ALL
  SELECT customer_id, number, valid_from, customer_id AS other FROM linked_person, asked WHERE linked_id = asked.customer
)
SELECT DISTINCT link.other FROM asked, link
JOIN event AS added ON added.customer_id = link.customer_id AND added.number = link.number
LEFT JOIN LATERAL (
  SELECT min(e.effective) AS day FROM event AS e, asked
  WHERE e.customer_id = link.customer_id AND e.kind = 'link.ended' AND (e.body ->> 'link')::bigint = link.number
    AND e.booked <= asked.day
) AS ended ON TRUE
WHERE link.valid_from <= asked.day AND added.booked <= asked.day AND (ended.day IS NULL OR asked.day < ended.day);

-- planned_once: until the end of the transaction statements keep the plan that they were prepared with. Account facts take five
-- times as long to plan as to run for one customer; the planner would plan them anew each time, since it takes one of unknown ids
-- for ten.
SET LOCAL plan_cache_mode = force_generic_plan;
