"""The way through the house: collect -> extract -> measure -> notify; `runtime` carries them, `cli` starts them."""
