// SPDX-License-Identifier: MPL-2.0

package cos

import (
	"context"
	"fmt"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/network"
)

// AwaitInventory reads the job until COS shows it as sent. COS may show a write only a moment
// later, and the older version until then. It ends with ctx, or with the first error other than
// that there is no such job.
func (c *Client) AwaitInventory(ctx context.Context, job Job, sent Inventory) (Inventory, error) {
	var shown Inventory
	err := c.poll(ctx, func() (bool, error) {
		var err error
		shown, err = c.FindInNewBucket(ctx, job)
		if IsNoSuchJob(err) {
			return false, nil
		}
		return err == nil && shown.Echoes(sent), err
	})
	if err != nil {
		return Inventory{}, fmt.Errorf("COS does not show the job as it was written: %w", err)
	}
	return shown, nil
}

// SettledInventory reads the job until it is as expected, for Config.Settle at most: COS may show
// an older version until then. After that, it returns what COS shows, which may be no such job.
func (c *Client) SettledInventory(ctx context.Context, job Job, expected func(Inventory) bool) (shown Inventory, err error) {
	settled, cancel := context.WithTimeout(ctx, c.config.Settle)
	defer cancel()
	stopped := c.poll(settled, func() (bool, error) {
		shown, err = c.FindInventory(ctx, job)
		if IsNoSuchJob(err) {
			return false, nil
		}
		return err == nil && expected(shown), err
	})
	if stopped != nil && ctx.Err() != nil {
		return Inventory{}, stopped
	}
	return shown, err
}

// AwaitNoInventory reads the job until it is gone. It ends with ctx, or with the first error that
// does not prove that.
func (c *Client) AwaitNoInventory(ctx context.Context, job Job) error {
	err := c.poll(ctx, func() (bool, error) {
		_, err := c.FindInventory(ctx, job)
		if IsNotFound(err) {
			return true, nil
		}
		return false, err
	})
	if err != nil {
		return fmt.Errorf("COS does not show the job as deleted: %w", err)
	}
	return nil
}

// poll calls ask, with longer and longer pauses, until it is done or fails.
func (c *Client) poll(ctx context.Context, ask func() (bool, error)) error {
	return poll(ctx, c.config.PollMin, c.config.PollMax, ask, func() {})
}

// pollSlowly is poll for what takes COS minutes. It calls waiting before each pause.
func (c *Client) pollSlowly(ctx context.Context, ask func() (bool, error), waiting func()) error {
	const slower = 8
	return poll(ctx, slower*c.config.PollMin, slower*c.config.PollMax, ask, waiting)
}

func poll(ctx context.Context, shortest, longest time.Duration, ask func() (bool, error), waiting func()) error {
	for pause := shortest; ; pause = min(2*pause, longest) {
		if done, err := ask(); done || err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return &Interruption{Err: err}
		}
		waiting()
		if err := network.Pause(ctx, pause); err != nil {
			return &Interruption{Err: err}
		}
	}
}
