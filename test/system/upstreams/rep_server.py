"""A server with three operations and base64 only: rep_server.py ENDPOINT RESIZE_COMMAND..."""
import base64, hashlib, subprocess, sys, zmq

images = {}
socket = zmq.Context().socket(zmq.REP)
socket.bind(sys.argv[1])
print("bound", flush=True)

def answer(operation, image_id=None, image_data=None, width=None, **others):
    data = base64.b64decode(image_data) if image_data else images.get(image_id)
    if operation not in ("upload", "retrieve", "resize"):
        return {"status": "error", "message": "Invalid operation"}
    if data is None:
        return {"status": "error", "message": "Image not found"}
    if operation == "upload":
        image_id = hashlib.sha256(data).hexdigest()
        images[image_id] = data
        return {"status": "success", "image_id": image_id}
    if operation == "resize":
        data = subprocess.run(sys.argv[2:] + [str(width)], input=data, stdout=subprocess.PIPE, check=True).stdout
    return {"status": "success", "image_data": base64.b64encode(data).decode()}

while True:
    socket.send_json(answer(**socket.recv_json()))
