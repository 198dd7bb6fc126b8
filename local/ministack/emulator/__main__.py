"""Starts the patched emulator behind the guard: `python <this folder>`."""

import sys

import fixes
import guard

# The launcher prevents bytecode in this folder. The emulator's own bytecode is cached as usual.
sys.dont_write_bytecode = False

fixes.install()
guard.install()

from ministack.app import main  # noqa: E402

main()
