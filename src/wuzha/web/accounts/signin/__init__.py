"""Who comes in, with what proof, and for how long: log-in, second factors, sessions, proof once more."""
