"""The fault test: clients ask, days close, events are told, anything is killed at any moment; nothing may be lost or done twice.

    make chaos                                         ten minutes
    make chaos CHAOS_ARGS="--seconds 60 --seed 7"
    python -m tests.chaos --seconds 60 --keep          the logs and the data stay for looking at

What runs, each in a process of its own, on a server of its own with fsync on:

- *Clients* (`client.py`). Each picks a customer, looks, chooses a command, writes down what it intends, asks, and writes down the
  answer; both lines are on the disk before it goes on. Where the connection is lost it comes back and sends the same request
  with the same key until it is answered. One that was killed first sends again what its log leaves unanswered.
- *A closer*, which ends business days, and *a relay*, which tells events to files (`workers.py`).
- *The killer* (`killer.py`): `kill -9` of clients, closer, relay, single backends (then PostgreSQL ends them all and recovers)
  and of the postmaster, and single connections cut. The server is started again by whoever misses it first.

The customers have low limits and a few of them are asked for much more often: clients race for the same headroom.

What must hold afterwards, from the logs and the database alone:

- `answers.py`: every request was answered, every answer is the stored one, nothing is stored that nobody asked for.
- `effects.py`: each event bears the key of its request; so what was done left its events, its rows and its money exactly once,
  and what was refused left nothing.
- `replay.py`: each customer's events, replayed by plain sums, never draw beyond the headroom, and end at the rows that stand.
- `books.py`: the checks of ledger and servicing, the chain of sealed days, the relay's files, and the pages on the disk.

A test that cannot fail proves nothing: `planted.py` breaks a client on purpose, and `test_chaos.py` holds that it shows.

The random choices follow the seed; when processes are killed and who comes first does not.
"""
