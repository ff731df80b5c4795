"""What the commands of `newscard eval` do."""
