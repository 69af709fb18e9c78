// SPDX-License-Identifier: MPL-2.0

// Package network is what the clients of all services share: connections, response bodies and texts
// within bounds, the rules for addresses, and what Go's network errors mean.
package network
