"""The pages about the API, and what writes those of them that come from data: `make reference`."""
