"""One call's ear, mouth and errands: carries out what conversation/ decides."""
