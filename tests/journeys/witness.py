"""What a browser must never do while a story runs: complain, ask others, break the policy."""

from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response, WebError

# A page that was refused (403), is missing (404) or was wrongly filled in (422) is an answer; the
# browser notes it in the console all the same. What the page itself asks for must be there.
ANSWERS = {403, 404, 422}
PAGE_AND_FRAGMENTS = {"document", "fetch", "xhr"}


class Witness:
    """Notes what one browser context says and asks for."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.host = urlsplit(address).netloc
        self.complaints: list[str] = []
        self.asked: list[Request] = []
        context.on("console", self._on_console)
        context.on("weberror", self._on_error)
        context.on("request", self._on_request)
        context.on("response", self._on_response)

    def _on_console(self, said: ConsoleMessage) -> None:
        if said.type in {"error", "warning"} and "Failed to load resource" not in said.text:
            self.complaints.append(f"console: {said.text}")

    def _on_error(self, error: WebError) -> None:
        self.complaints.append(f"script: {error.error}")

    def _on_request(self, request: Request) -> None:
        self.asked.append(request)
        if urlsplit(request.url).scheme in {"http", "https"} and self._is_foreign(request.url):
            self.complaints.append(f"left the house: {request.url}")

    def _on_response(self, response: Response) -> None:
        is_answer = (
            response.status in ANSWERS and response.request.resource_type in PAGE_AND_FRAGMENTS
        )
        if response.status >= 400 and not is_answer:
            self.complaints.append(f"{response.status}: {response.url}")
        if response.request.resource_type == "document" and response.status == 200:
            policy = response.headers.get("content-security-policy", "")
            if "default-src 'self'" not in policy:
                self.complaints.append(f"no content policy: {response.url}")

    def _is_foreign(self, url: str) -> bool:
        return urlsplit(url).netloc != self.host

    @property
    def pages_asked(self) -> int:
        """How many whole pages were asked for so far."""
        return sum(request.is_navigation_request() for request in self.asked)

    def has_nothing_to_say(self) -> None:
        """Nothing was wrong."""
        assert self.complaints == []
