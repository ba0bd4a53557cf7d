// cert-manager's own admission webhook. Its command is a Go module by a name that no proxy can answer for; the package
// that it is made of is internal, and so open to a module whose name begins with cert-manager's.
package main

import (
	"context"
	"flag"
	"log"
	"os"
	"os/signal"
	"syscall"

	config "github.com/cert-manager/cert-manager/internal/apis/config/webhook"
	"github.com/cert-manager/cert-manager/internal/webhook"
	"github.com/go-logr/logr"
)

func main() {
	var options config.WebhookConfiguration
	// Its libraries have taken names among the usual flags.
	flags := flag.NewFlagSet("cert-manager-webhook", flag.ContinueOnError)
	port := flags.Int("secure-port", 0, "")
	health := flags.Int("healthz-port", 0, "")
	flags.StringVar(&options.KubeConfig, "kubeconfig", "", "")
	flags.StringVar(&options.TLSConfig.Filesystem.CertFile, "tls-cert-file", "", "")
	flags.StringVar(&options.TLSConfig.Filesystem.KeyFile, "tls-private-key-file", "", "")
	if err := flags.Parse(os.Args[1:]); err != nil {
		os.Exit(2)
	}
	options.SecurePort, options.HealthzPort = int32(*port), int32(*health)
	options.MetricsListenAddress = "0"

	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	server, err := webhook.NewCertManagerWebhookServer(logr.Discard(), options)
	if err == nil {
		err = server.Run(ctx)
	}
	if err != nil {
		log.Fatal(err)
	}
}
