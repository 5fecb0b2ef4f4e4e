"""The parts of `bench pages`: a book made in bulk, the pages asked, and the empty page beside them."""
