-- customer_locked: the customer's row, held until the end of the transaction.
SELECT customer_id, kind, state, events, since FROM customer WHERE customer_id = %s FOR NO KEY UPDATE;

-- customers_locked: the rows of several customers, held in ascending order of their ids.
SELECT customer_id, kind, state, events, since FROM customer WHERE customer_id = ANY(%s::uuid[]) ORDER BY customer_id FOR NO KEY UPDATE;

-- customer_read: the customer's row, not held.
SELECT customer_id, kind, state, events, since FROM customer WHERE customer_id = %s;

-- customer_added: a new customer.
INSERT INTO customer (customer_id, kind, events, since) VALUES (%s, %s, %s, %s);

-- events_stored: the number of the customer's last event.
UPDATE customer SET events = %s WHERE customer_id = %s;

-- state_changed: whether the customer may borrow.
UPDATE customer SET state = %s WHERE customer_id = %s;

-- identities_claimed: identity numbers for one customer, in ascending order; waits for whoever is just claiming one of them.
INSERT INTO identity (index, customer_id) SELECT unnest(%s::bytea[]), %s ON CONFLICT (index) DO NOTHING RETURNING index;

-- found_by_identity: the customer with an identity number.
SELECT customer_id FROM identity WHERE index = %s;

-- found_by_phone: the customers with a phone number.
SELECT customer_id FROM phone_directory WHERE index = %s ORDER BY customer_id;

-- phone_listed: a phone number by which the customer is found; nothing where that is so already.
INSERT INTO phone_directory (index, customer_id) VALUES (%s, %s) ON CONFLICT (index, customer_id) DO NOTHING;

-- phone_unlisted: a phone number by which the customer is not found any more.
DELETE FROM phone_directory WHERE index = %s AND customer_id = %s;

-- identities_forgotten: the customer out of the directory of identity numbers.
DELETE FROM identity WHERE customer_id = %s;

-- phones_forgotten: the customer out of the directory of phone numbers.
DELETE FROM phone_directory WHERE customer_id = %s;

-- personal_added: name and identity numbers, sealed.
INSERT INTO personal_data (customer_id, sealed) VALUES (%s, %s);

-- person_wanted: name and identity numbers, sealed, and the key that opens them.
SELECT k.key_id, k.wrapped, p.sealed FROM personal_data AS p JOIN customer_key AS k USING (customer_id)
WHERE p.customer_id = %s;

-- personal_read: name and identity numbers, sealed.
SELECT sealed FROM personal_data WHERE customer_id = %s;

-- contact_added: a phone, an address or an e-mail address, sealed.
INSERT INTO contact (customer_id, number, kind, purpose, valid_from, sealed) VALUES (%s, %s, %s, %s, %s, %s);

-- contacts_read: all contacts of the customer, ended ones too.
SELECT number, kind, purpose, valid_from, ended, sealed FROM contact WHERE customer_id = %s ORDER BY number;

-- contact_ended: the day from which a contact is not used any more.
UPDATE contact SET ended = %s WHERE customer_id = %s AND number = %s;

-- link_added: what another customer is to this one.
INSERT INTO linked_person (customer_id, number, linked_id, role, valid_from) VALUES (%s, %s, %s, %s, %s);

-- links_read: the linked persons of the customer, former ones too.
SELECT customer_id, number, linked_id, role, valid_from, ended FROM linked_person WHERE customer_id = %s ORDER BY number;

-- links_to_read: to whom this customer is a linked person, or was.
SELECT customer_id, number, linked_id, role, valid_from, ended FROM linked_person WHERE linked_id = %s
ORDER BY customer_id, number;

-- link_ended: the day from which a link does not hold any more.
UPDATE linked_person SET ended = %s WHERE customer_id = %s AND number = %s;

-- consent_added: a consent as it was given.
INSERT INTO consent (customer_id, number, purpose, text_version, language, given_on, ends_on) VALUES (%s, %s, %s, %s, %s, %s, %s);

-- consents_read: the customer's consents with their withdrawals.
SELECT given.number, given.purpose, given.text_version, given.language, given.given_on, given.ends_on, ended.withdrawn_on
FROM consent AS given
LEFT JOIN consent_withdrawal AS ended ON ended.customer_id = given.customer_id AND ended.consent = given.number
WHERE given.customer_id = %s ORDER BY given.number;

-- consent_withdrawn: the day from which a consent does not count any more.
INSERT INTO consent_withdrawal (customer_id, consent, number, withdrawn_on) VALUES (%s, %s, %s, %s);
