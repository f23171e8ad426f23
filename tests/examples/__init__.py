"""The examples, run over their real data where it is there."""
