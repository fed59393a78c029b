// Listens to a stream of events as a program with the library `eventsource` does: each event is a line of output, and so is each
// opening of the stream. The address and the token come as the argument.
import { EventSource } from "eventsource";

const { url, token } = JSON.parse(process.argv[2]);
const say = (what) => process.stdout.write(JSON.stringify(what) + "\n");

const events = new EventSource(url, {
  fetch: (address, init) =>
    fetch(address, { ...init, headers: { ...init.headers, Authorization: `Bearer ${token}` } }),
});
events.onopen = () => say({ opened: true });
events.onmessage = ({ data, lastEventId }) => say({ id: lastEventId, key: JSON.parse(data).IndexKey });
events.onerror = (error) => {
  say({ failed: error.code ?? null });
  if (events.readyState === events.CLOSED) process.exit(0);
};
process.stdin.resume().on("end", () => process.exit(0));
