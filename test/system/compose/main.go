// Loads a compose file like `docker compose config`, with the given profiles, and prints the project as JSON.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/compose-spec/compose-go/v2/cli"
)

func main() {
	options, err := cli.NewProjectOptions([]string{os.Args[1]}, cli.WithName("imgwire"), cli.WithOsEnv, cli.WithDefaultProfiles(os.Args[2:]...))
	if err == nil {
		var text []byte
		project, failure := options.LoadProject(context.Background())
		if err = failure; err == nil {
			text, err = project.MarshalJSON()
			fmt.Println(string(text))
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
