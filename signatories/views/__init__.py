"""The pages of signing, of lists and of the directory."""
