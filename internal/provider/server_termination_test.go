// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"os"
	"syscall"
	"testing"
	"time"
)

func TestExitAfterSecond(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(signals chan<- os.Signal, elapsed chan<- time.Time){
		"a second SIGTERM":      func(signals chan<- os.Signal, _ chan<- time.Time) { signals <- syscall.SIGTERM },
		"the grace has elapsed": func(_ chan<- os.Signal, elapsed chan<- time.Time) { elapsed <- time.Time{} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			signals, elapsed, waiting, exited := make(chan os.Signal), make(chan time.Time), make(chan struct{}), make(chan int, 1)
			after := func(d time.Duration) <-chan time.Time {
				if d != terminationGrace {
					t.Errorf("the grace is %v", d)
				}
				close(waiting)
				return elapsed
			}
			go exitAfterSecond(signals, after, func(code int) { exited <- code })
			signals <- syscall.SIGTERM
			<-waiting
			if len(exited) != 0 {
				t.Fatal("the first SIGTERM ended the process")
			}
			end(signals, elapsed)
			if code := <-exited; code != 143 {
				t.Errorf("exit code %d", code)
			}
		})
	}
}
