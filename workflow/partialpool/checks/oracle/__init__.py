"""The posterior once more, without Stan, and whether the draws agree with it."""
