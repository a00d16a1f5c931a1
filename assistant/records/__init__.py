"""What people leave in the index folder besides the index: saved answers and suggestions."""
