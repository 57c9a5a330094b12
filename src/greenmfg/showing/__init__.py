"""Showing the product: puts the demonstration district's files into the inbox, like anyone's."""
