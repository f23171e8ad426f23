-- advice_counted: one more piece of advice of a kind about a customer on a day.
INSERT INTO advice_use (customer_id, day, kind, used) VALUES (%s, %s, %s, 1)
ON CONFLICT (customer_id, day, kind) DO UPDATE SET used = advice_use.used + 1
RETURNING used;
