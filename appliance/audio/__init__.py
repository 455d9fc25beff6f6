"""Frames in, frames or numbers out: echo, noise, speech detection. Pure mathematics, no clock, no socket."""
