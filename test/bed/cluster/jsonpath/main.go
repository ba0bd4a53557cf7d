// Evaluates JSONPath by the library that Pulumi's Kubernetes provider uses for the annotation pulumi.com/waitFor: reads an
// object as JSON, and writes the first value that each expression selects as a line of JSON, or an empty line.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/theory/jsonpath"
)

func main() {
	var object any
	if err := json.NewDecoder(os.Stdin).Decode(&object); err != nil {
		fail(err)
	}
	for _, expression := range os.Args[1:] {
		path, err := jsonpath.Parse(expression)
		if err != nil {
			fail(err)
		}
		selected := path.Select(object)
		if len(selected) == 0 {
			fmt.Println()
			continue
		}
		line, err := json.Marshal(selected[0])
		if err != nil {
			fail(err)
		}
		fmt.Println(string(line))
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
