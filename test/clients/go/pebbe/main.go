// The life cycle over github.com/pebbe/zmq4, which binds libzmq.
package main

import (
	"time"

	"github.com/pebbe/zmq4"

	"imgwire/test/clients/go/lifecycle"
)

const timeout = 10 * time.Second

type socket struct{ *zmq4.Socket }

func main() {
	lifecycle.Main(func(endpoint string) (lifecycle.Socket, error) {
		req, err := zmq4.NewSocket(zmq4.REQ)
		if err != nil {
			return nil, err
		}
		for _, set := range []error{req.SetLinger(0), req.SetRcvtimeo(timeout), req.SetSndtimeo(timeout)} {
			if set != nil {
				return nil, set
			}
		}
		return socket{req}, req.Connect(endpoint)
	})
}

func (s socket) Call(frames [][]byte) ([][]byte, error) {
	if _, err := s.SendMessage(frames); err != nil {
		return nil, err
	}
	return s.RecvMessageBytes(0)
}

func (s socket) Close() { s.Socket.Close() }
