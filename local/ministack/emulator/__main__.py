"""Starts the emulator behind the guard, with what it does otherwise corrected: `python <this folder>`."""

import sys

import fixes
import guard

# The launcher keeps Python from writing into this folder; the emulator itself is compiled once, as usual.
sys.dont_write_bytecode = False

fixes.install()
guard.install()

from ministack.app import main  # noqa: E402

main()
