// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"os"
	"os/signal"
	"syscall"
	"time"
)

// terminationGrace is how long Terraform has, after a SIGTERM, to end its providers itself. Every
// write ends well within it, and its result reaches the state.
const terminationGrace = 15 * time.Second

// deferTermination leaves a first SIGTERM to Terraform. A CI system sends it to the whole process
// group: Terraform then asks its providers to stop, and saves their results. A provider that ended
// at once would lose the results of its writes. go-plugin does the same for SIGINT. A second
// SIGTERM ends the process, and so does the end of the grace period, in case Terraform is gone.
func deferTermination(exit func(code int)) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM)
	go exitAfterSecond(signals, time.After, exit)
}

func exitAfterSecond(signals <-chan os.Signal, after func(time.Duration) <-chan time.Time, exit func(code int)) {
	<-signals
	select {
	case <-signals:
	case <-after(terminationGrace):
	}
	exit(128 + int(syscall.SIGTERM)) // as a shell reports it
}
