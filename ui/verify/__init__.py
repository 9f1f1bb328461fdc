"""What the verification station shows: a waiting document, its evidence, and who it could belong to."""
