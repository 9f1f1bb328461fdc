"""What the browser fetches beside the screens themselves: page images, data, sign-in."""
