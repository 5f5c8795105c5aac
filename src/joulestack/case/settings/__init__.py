"""[mesh], [time], [solver], [outputs] and [[probes]]."""
