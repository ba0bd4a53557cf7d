// Says of each connection whether NetworkPolicies allow it, by cyclonus' own reading of them
// (https://github.com/mattfenwick/cyclonus). Reads {"policies": [...], "traffic": [...]} as JSON, and writes one line of
// JSON for each connection: whether the source may send and whether the destination may receive.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/mattfenwick/cyclonus/pkg/matcher"
	networking "k8s.io/api/networking/v1"
)

func main() {
	var question struct {
		Policies []*networking.NetworkPolicy `json:"policies"`
		Traffic  []*matcher.Traffic          `json:"traffic"`
	}
	if err := json.NewDecoder(os.Stdin).Decode(&question); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	policy := matcher.BuildNetworkPolicies(false, question.Policies)
	for _, traffic := range question.Traffic {
		result := policy.IsTrafficAllowed(traffic)
		fmt.Printf("{\"egress\":%t,\"ingress\":%t}\n", result.Egress.IsAllowed(), result.Ingress.IsAllowed())
	}
}
