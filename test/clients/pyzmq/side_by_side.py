"""Eight clients at once, each in a thread: sys.argv = endpoint, file. Each gets the size that it asked for."""

import base64
import sys
import threading

import zmq

endpoint, path = sys.argv[1:]
context = zmq.Context()
with open(path, "rb") as file:
    text = base64.b64encode(file.read()).decode()
served = []


def client(number):
    socket = context.socket(zmq.REQ)
    socket.connect(endpoint)
    for round in range(10):
        width = 10 + number * 20 + round
        socket.send_json({"operation": "resize", "image_data": text, "width": width, "request_id": str(width)})
        reply = socket.recv_json()
        assert reply["status"] == "success" and reply["width"] == width and reply["request_id"] == str(width), reply
    served.append(number)


threads = [threading.Thread(target=client, args=(number,)) for number in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert len(served) == 8, served
print("done")
