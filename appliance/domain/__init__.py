"""The words of the product: frozen dataclasses and enums that every floor above may say."""
