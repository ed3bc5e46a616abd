// The whole life of an image over a REQ socket of go-zeromq, which implements ZMTP 3.0 itself.
// Arguments: endpoint, photo, file for the resized image.
package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/go-zeromq/zmq4"
)

const timeout = 20 * time.Second

type request map[string]any

type reply struct {
	Status    string
	Code      string
	Parameter string
	RequestID string `json:"request_id"`
	ImageID   string `json:"image_id"`
	Created   bool
	Format    string
	Width     int
	Height    int
	Size      int
	Images    []struct {
		ImageID string `json:"image_id"`
	}

	text  string
	image []byte
}

type client struct{ socket zmq4.Socket }

func main() {
	log.SetFlags(0)
	if len(os.Args) != 4 {
		log.Fatal("Expected an endpoint, a photo and a file for the resized image")
	}
	photo, err := os.ReadFile(os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	socket := zmq4.NewReq(context.Background(), zmq4.WithDialerTimeout(timeout), zmq4.WithTimeout(timeout))
	stop := deadline("connect: no handshake in time")
	if err := socket.Dial(os.Args[1]); err != nil {
		log.Fatal(err)
	}
	stop()
	resized := client{socket}.run(photo)
	if err := os.WriteFile(os.Args[3], resized, 0o600); err != nil {
		log.Fatal(err)
	}
	if err := socket.Close(); err != nil {
		log.Fatal(err)
	}
	fmt.Println("done")
}

// run returns the resized image.
func (c client) run(photo []byte) []byte {
	sum := sha256.Sum256(photo)
	imageID := hex.EncodeToString(sum[:])

	r := c.succeed(request{"operation": "upload", "request_id": "go-1"}, photo)
	check(r.ImageID == imageID, "upload: image_id", r)
	check(r.RequestID == "go-1", "upload: request_id", r)
	check(r.Created, "upload: created", r)

	r = c.succeed(request{"operation": "info", "image_id": imageID})
	check(r.Width == 1200 && r.Height == 900, "info: width and height", r)
	check(r.Format == "jpeg" && r.Size == len(photo), "info: format and size", r)

	retrieve := request{"operation": "retrieve", "image_id": imageID, "transfer_encoding": "binary"}
	r = c.succeed(retrieve)
	check(bytes.Equal(r.image, photo), "retrieve: bytes", r)

	r = c.succeed(request{
		"operation": "resize", "image_id": imageID, "width": 300, "format": "webp", "transfer_encoding": "binary",
	})
	check(r.Width == 300 && r.Height == 225, "resize: width and height", r)
	check(r.Format == "webp", "resize: format", r)
	check(len(r.image) > 0 && len(r.image) == r.Size, "resize: size", r)
	resized := r.image

	r = c.succeed(request{"operation": "list"})
	check(len(r.Images) == 1, "list: number of images", r)
	check(r.Images[0].ImageID == imageID, "list: image_id", r)

	r = c.fail(request{"operation": "resize", "image_id": imageID, "width": "abc"}, "invalid_request")
	check(r.Parameter == "width", "bad parameter: parameter", r)

	r = c.succeed(request{"operation": "delete", "image_id": imageID})
	check(r.ImageID == imageID, "delete: image_id", r)
	c.fail(retrieve, "not_found")
	return resized
}

func (c client) succeed(req request, frames ...[]byte) reply {
	r := c.call(req, frames...)
	check(r.Status == "success", fmt.Sprintf("%v: status", req["operation"]), r)
	return r
}

func (c client) fail(req request, code string) reply {
	r := c.call(req)
	check(r.Status == "error", fmt.Sprintf("%v: status", req["operation"]), r)
	check(r.Code == code, fmt.Sprintf("%v: expected %s", req["operation"], code), r)
	return r
}

func (c client) call(req request, frames ...[]byte) reply {
	defer deadline(fmt.Sprintf("%v: no reply in time", req["operation"]))()

	head, err := json.Marshal(req)
	if err != nil {
		log.Fatal(err)
	}
	if err := c.socket.SendMulti(zmq4.NewMsgFrom(append([][]byte{head}, frames...)...)); err != nil {
		log.Fatal(err)
	}
	message, err := c.socket.Recv()
	if err != nil {
		log.Fatal(err)
	}
	r := reply{text: string(message.Frames[0])}
	if err := json.Unmarshal(message.Frames[0], &r); err != nil {
		log.Fatalf("%v: %v in %q", req["operation"], err, r.text)
	}
	if len(message.Frames) > 1 {
		r.image = message.Frames[1]
	}
	return r
}

// deadline ends the program unless it is stopped in time. The timeouts of the library cover neither the handshake
// nor Recv of a REQ socket.
func deadline(message string) (stop func() bool) {
	return time.AfterFunc(timeout, func() { log.Fatal(message) }).Stop
}

func check(holds bool, what string, r reply) {
	if !holds {
		log.Fatalf("Mismatch in %s: %s", what, r.text)
	}
}
