"""What `authsome run` does besides asking the server: the child process, its certificates, its lease."""
