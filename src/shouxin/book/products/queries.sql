-- bundle_stored: keep a bundle; nothing where it is kept already.
INSERT INTO bundle (hash, name, version, texts, stored) VALUES (%s, %s, %s, %s, %s) ON CONFLICT (hash) DO NOTHING;

-- activated: a bundle holds from a day on.
INSERT INTO activation (number, since, hash, principal, day) VALUES (%s, %s, %s, %s, %s);

-- activations: all that were entered, in order.
SELECT number, since, hash, principal, day FROM activation ORDER BY number;

-- active: the bundle that holds on a day: of the latest first day, the last that was entered.
SELECT hash FROM activation WHERE since <= %s ORDER BY since DESC, number DESC LIMIT 1;

-- texts: the files of a bundle.
SELECT texts FROM bundle WHERE hash = %s;
