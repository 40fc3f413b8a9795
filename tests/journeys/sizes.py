"""The screens people work at."""

LAPTOP = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
