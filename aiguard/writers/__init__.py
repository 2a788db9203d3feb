"""Put changed pieces back into the bytes of a file."""
