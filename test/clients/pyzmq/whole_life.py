"""The whole life of an image, from a plain REQ socket: sys.argv = endpoint, file, kind of socket."""

import base64
import hashlib
import sys

import zmq

endpoint, path, kind = sys.argv[1:]
context = zmq.Context()


class Client:
    """One request and its reply, on a REQ socket or on a DEALER that does what a REQ would."""

    def __init__(self):
        self.dealer = kind == "dealer"
        self.socket = context.socket(zmq.DEALER if self.dealer else zmq.REQ)
        if kind == "relaxed":
            self.socket.setsockopt(zmq.REQ_RELAXED, 1)
            self.socket.setsockopt(zmq.REQ_CORRELATE, 1)
        self.socket.connect(endpoint)

    def call(self, request, *frames):
        if not self.dealer and not frames and "transfer_encoding" not in request:
            self.socket.send_json(request)
            return self.socket.recv_json()
        delimiter = [b""] if self.dealer else []
        self.socket.send_multipart([*delimiter, zmq.utils.jsonapi.dumps(request), *frames])
        reply = self.socket.recv_multipart()
        if self.dealer:
            assert reply.pop(0) == b""
        parsed = zmq.utils.jsonapi.loads(reply[0])
        return (parsed, *reply[1:]) if len(reply) > 1 else parsed


with open(path, "rb") as file:
    original = file.read()
text = base64.b64encode(original).decode()
image_id = hashlib.sha256(original).hexdigest()
client = Client()

reply = client.call({"operation": "upload", "image_data": text, "request_id": "up-1"})
assert reply["status"] == "success", reply
assert reply["message"] == "Image uploaded successfully", reply
assert reply["image_id"] == image_id and reply["request_id"] == "up-1", reply

reply = client.call({"operation": "upload"}, original)
assert reply["image_id"] == image_id and reply["created"] is False, reply

reply = client.call({"operation": "retrieve", "image_id": image_id})
assert base64.b64decode(reply["image_data"]) == original

reply, data = client.call({"operation": "retrieve", "image_id": image_id, "transfer_encoding": "binary"})
assert data == original and "image_data" not in reply, reply

reply = client.call({"operation": "retrieve", "image_id": image_id, "offset": 10, "length": 20})
assert base64.b64decode(reply["image_data"]) == original[10:30] and reply["size"] == len(original)

reply = client.call({"operation": "resize", "image_id": image_id, "width": 72, "format": "webp"})
assert (reply["width"], reply["format"], reply["media_type"]) == (72, "webp", "image/webp"), reply
assert base64.b64decode(reply["image_data"])[8:12] == b"WEBP"

reply, data = client.call(
    {"operation": "resize", "width": 30, "height": 20, "format": "png", "transfer_encoding": "binary"}, original
)
assert (reply["width"], reply["height"]) == (30, 20) and data.startswith(b"\x89PNG"), reply

other = original + b" "
reply = client.call({"operation": "resize", "image_data": base64.b64encode(other).decode(), "width": 10})
assert reply["status"] == "success" and reply["width"] == 10, reply
reply = client.call({"operation": "info", "image_id": hashlib.sha256(other).hexdigest()})
assert reply["code"] == "not_found", reply

reply = client.call({"operation": "nonsense"})
assert reply["status"] == "error" and reply["message"].startswith("Invalid operation"), reply
reply = client.call({"operation": "resize", "image_id": image_id, "width": "abc"})
assert reply["message"] == 'Expected an integer from 1 to 8192 for width but received "abc"', reply

assert client.call({"operation": "ping"})["status"] == "success"
print("done")
