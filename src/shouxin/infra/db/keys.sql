-- key_added: the wrapped data key of a new customer.
INSERT INTO customer_key (customer_id, key_id, wrapped) VALUES (%s, %s, %s);

-- key_read: the wrapped data key of a customer; no row where the person was erased.
SELECT key_id, wrapped FROM customer_key WHERE customer_id = %s;

-- key_erased: the customer's data key destroyed.
DELETE FROM customer_key WHERE customer_id = %s;

-- keys_to_rewrap: the next data keys under a master key, held until the end of the transaction.
SELECT customer_id, key_id, wrapped FROM customer_key WHERE key_id = %s
ORDER BY customer_id LIMIT %s FOR NO KEY UPDATE;

-- key_rewrapped: a data key under another master key.
UPDATE customer_key SET key_id = %s, wrapped = %s WHERE customer_id = %s;

-- masters_in_use: the master keys that data keys are under; leaps from one to the next in the index.
WITH RECURSIVE used AS (
  (SELECT key_id FROM customer_key ORDER BY key_id LIMIT 1)
  UNION ALL
  SELECT (SELECT key_id FROM customer_key WHERE key_id > used.key_id ORDER BY key_id LIMIT 1) FROM used WHERE used.key_id IS NOT NULL
)
SELECT key_id FROM used WHERE key_id IS NOT NULL;
