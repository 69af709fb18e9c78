// SPDX-License-Identifier: MPL-2.0

// Command terraform-provider-cos serves the provider to Terraform.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/provider"
)

// version is set by the build.
var version = "dev"

func main() {
	debug := flag.Bool("debug", false, "wait for a debugger, and print how Terraform reaches the provider")
	printVersion := flag.Bool("version", false, "print the version and end")
	flag.Parse()
	if *printVersion {
		fmt.Fprintln(os.Stdout, version)
		return
	}

	if err := provider.Serve(version, *debug); err != nil {
		log.Fatal(err)
	}
}
