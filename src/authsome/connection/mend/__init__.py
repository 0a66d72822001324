"""What is done about a connection that may not work: set aside, connected again, tested."""
