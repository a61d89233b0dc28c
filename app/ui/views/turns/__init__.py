"""What Compare, History and the voting desks tell of one turn, in the same way."""
