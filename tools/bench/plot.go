// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"image/color"
	"io"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// curve is the plan time over the number of jobs.
type curve struct {
	label  string
	colour color.Color
	points plotter.XYs
}

// The colours tell apart for the colour-blind, too: https://jfly.uni-koeln.de/color/
var (
	blue   = color.NRGBA{R: 0, G: 114, B: 178, A: 255}
	orange = color.NRGBA{R: 213, G: 94, B: 0, A: 255}
	grey   = color.NRGBA{R: 120, G: 120, B: 120, A: 255}
)

func (all results) curve(label string, colour color.Color, s scenario) curve {
	c := curve{label: label, colour: colour}
	for _, n := range plottedJobs {
		s.jobs = n
		c.points = append(c.points, plotter.XY{X: float64(n), Y: all.of(s, wall)})
	}
	return c
}

// drawPlot writes the SVG: a panel for each network, side by side and to one scale.
func (all results) drawPlot(to io.Writer) error {
	var panels []*plot.Plot
	highest := 0.0
	for _, link := range plottedLinks {
		p := plot.New()
		p.Title.Text = fmt.Sprintf("%d ms a request, %d ms a new connection", link.request.Milliseconds(), link.connection.Milliseconds())
		p.X.Label.Text, p.Y.Label.Text = "jobs in one bucket", "terraform plan, seconds"
		p.X.Scale, p.X.Tick.Marker = plot.LogScale{}, jobTicks()
		p.Y.Min = 0
		p.Legend.Top, p.Legend.Left, p.Legend.Padding = true, true, vg.Points(3)
		p.Add(plotter.NewGrid())
		for _, c := range []curve{
			all.curve("one GET a job", orange, scenario{kind: jobs, shape: thousand, network: link, oneGET: true}),
			all.curve("cos_bucket_inventory", blue, scenario{kind: jobs, shape: thousand, network: link}),
			all.curve("floor: terraform_data", grey, planFloor),
		} {
			line, dots, err := plotter.NewLinePoints(c.points)
			if err != nil {
				return fmt.Errorf("plot %s: %w", c.label, err)
			}
			line.Color, dots.Color = c.colour, c.colour
			line.Width = vg.Points(1.5)
			dots.Shape = draw.CircleGlyph{}
			p.Add(line, dots)
			p.Legend.Add(c.label, line, dots)
		}
		highest = max(highest, p.Y.Max)
		panels = append(panels, p)
	}

	canvas := vgsvg.New(vg.Points(900), vg.Points(360))
	tiles := draw.Tiles{Rows: 1, Cols: len(panels), PadX: vg.Points(24), PadTop: vg.Points(8), PadBottom: vg.Points(8), PadLeft: vg.Points(8), PadRight: vg.Points(16)}
	for _, p := range panels {
		p.Y.Max = highest * 1.05
	}
	for i, part := range plot.Align([][]*plot.Plot{panels}, tiles, draw.New(canvas))[0] {
		panels[i].Draw(part)
	}
	if _, err := canvas.WriteTo(to); err != nil {
		return fmt.Errorf("write the plot: %w", err)
	}
	return nil
}

func jobTicks() plot.ConstantTicks {
	var ticks plot.ConstantTicks
	for _, n := range plottedJobs {
		ticks = append(ticks, plot.Tick{Value: float64(n), Label: fmt.Sprint(n)})
	}
	return ticks
}
