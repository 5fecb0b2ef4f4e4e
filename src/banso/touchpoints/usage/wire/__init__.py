"""What the clients of Segment send, and what it means. Pure: nothing here reads or writes a row."""
