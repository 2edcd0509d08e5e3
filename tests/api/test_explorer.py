"""The page that shows the API: whole, served by the server itself, working behind a prefix."""

import re
import unittest

from api.world import world


class ExplorerTest(unittest.TestCase):
    def test_the_page_loads_from_here_alone(self):
        client = world().server.client("none")
        page = client.send("GET", "/docs")
        self.assertEqual((page.status, page.headers["Content-Type"].split(";")[0]), (200, "text/html"))
        loaded = re.findall(r'(?:src|href)="([^"]+)"', page.text)
        self.assertEqual(len(loaded), 3)
        for address in loaded:
            self.assertFalse(address.startswith(("/", "http")), address)
            file = client.send("GET", "/" + address)
            self.assertEqual(file.status, 200, address)
            self.assertGreater(len(file.text), 300, address)
        self.assertIn("SwaggerUIBundle", client.send("GET", "/docs/swagger-ui-bundle.js").text)
        self.assertEqual(client.send("GET", "/docs/stamp").status, 404)


if __name__ == "__main__":
    unittest.main()
