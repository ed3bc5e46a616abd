package lifecycle

import (
	"bufio"
	"fmt"
	"log"
	"os"
)

// Main runs the life cycle, waits for a line on stdin that says the service has restarted, and prints which socket
// reached it: the one that is open, or only a new one.
// Arguments: endpoint, photo, file for the resized image.
func Main(open func(endpoint string) (Socket, error)) {
	log.SetFlags(0)
	if len(os.Args) != 4 {
		log.Fatal("Expected an endpoint, a photo and a file for the resized image")
	}
	photo, err := os.ReadFile(os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	socket := mustOpen(open)
	resized := client{socket}.run(photo)
	if err := os.WriteFile(os.Args[3], resized, 0o600); err != nil {
		log.Fatal(err)
	}
	fmt.Println("done")

	if !bufio.NewScanner(os.Stdin).Scan() {
		log.Fatal("Expected a line after the restart")
	}
	ping := [][]byte{[]byte(`{"operation":"ping"}`)}
	if _, err := socket.Call(ping); err == nil {
		fmt.Println("same socket")
		socket.Close()
		return
	}
	socket.Close()
	socket = mustOpen(open)
	defer socket.Close()
	client{socket}.succeed(request{"operation": "ping"})
	fmt.Println("new socket")
}

func mustOpen(open func(endpoint string) (Socket, error)) Socket {
	socket, err := open(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	return socket
}
