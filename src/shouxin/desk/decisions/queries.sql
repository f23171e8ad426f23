-- decision_added: one decision as it was made.
INSERT INTO decision (customer_id, decision_id, kind, day, principal, bundle, engine, facts, body, sha256, follows, experiment)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s);

-- decision_read: one decision of a customer.
SELECT customer_id, decision_id, kind, day, principal, bundle, engine, facts, body, sha256, follows, experiment
FROM decision WHERE customer_id = %s AND decision_id = %s;

-- decision_found: whose a decision is.
SELECT customer_id FROM decision WHERE decision_id = %s;

-- decisions_of: a customer's decisions, the oldest first; nothing sealed is read.
SELECT customer_id, decision_id, kind, day, principal, bundle, engine, sha256, follows, experiment
FROM decision WHERE customer_id = %s ORDER BY day, decision_id;

-- experiments: all that there were.
SELECT number, hash, since, until, share_ppm, most, decided, principal, day FROM experiment ORDER BY number;

-- experiment_added: one more.
INSERT INTO experiment (number, hash, since, until, share_ppm, most, principal, day) VALUES (%s, %s, %s, %s, %s, %s, %s, %s);

-- experiment_ended: its last day.
UPDATE experiment SET until = %s WHERE number = %s;

-- experiment_taken: one more application decided by a challenger, if it has not decided as many as it may.
UPDATE experiment SET decided = decided + 1 WHERE number = %s AND decided < most RETURNING decided;
