"""Which of several connections is meant, and who besides its owner may use one."""
