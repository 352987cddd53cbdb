"""Command line: python -m embedded_t5 <stage> --config configs/nano.toml --out runs/nano"""

from embedded_t5.cli import main

main()
