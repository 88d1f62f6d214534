namespace ModelBuild.Runtime.Detections;

/// <summary>
/// Reads boxes and key points that a model computes relative to anchors, as BlazeFace does (Bazarevsky et al. 2019, arXiv:1907.05047). Each stride of the
/// description adds two anchors to each cell of its grid, in the middle of the cell and as large as the image.
/// </summary>
/// <param name="description">The description of the outputs.</param>
/// <param name="labels">The number of labels; 0 if there are none.</param>
internal sealed class BlazeHead(BoxDescription description, int labels) : DetectionHead
{
    private const int Rank = 3;
    private const int AnchorsOfStride = 2;
    private readonly ClassScores _classes = new(description.Scores, description.Background, labels);
    private AnchorGrid? _grid;

    public override void Find(DetectionOutputs outputs, int image, ImageSize prepared, float threshold, List<Candidate> found)
    {
        var anchors = Anchors(prepared, outputs.Boxes.Sum(boxes => boxes.FromEnd(2)));
        var first = 0;
        for (var i = 0; i < outputs.Boxes.Length; i++)
        {
            var numbers = outputs.Boxes[i].FromEnd(1);
            var boxes = outputs.Boxes[i].Of(image, Rank);
            var scores = outputs.Scores[i].Of(image, Rank);
            var classes = outputs.Scores[i].FromEnd(1);
            for (var place = 0; place < boxes.Length / numbers; place++)
            {
                var row = scores.Slice(place * classes, classes);
                var (index, score) = classes == 1 ? (0, _classes.Single(row[0])) : _classes.Best(row);
                if (!(score >= threshold))
                    continue;
                var box = BoxNumbers.ToBox(boxes.Slice(place * numbers, 4), description.Form, new ImageSize(1, 1));
                var (x, y) = anchors[first + place];
                found.Add(new Candidate(score, index, new ImageBox(box.Left + x, box.Top + y, box.Right + x, box.Bottom + y), first + place));
            }

            first += boxes.Length / numbers;
        }
    }

    public override ImagePoint[] Points(DetectionOutputs outputs, int image, ImageSize prepared, in Candidate candidate)
    {
        var place = candidate.Place;
        foreach (var output in outputs.Boxes)
        {
            var numbers = output.FromEnd(1);
            var boxes = output.Of(image, Rank);
            if (place >= boxes.Length / numbers)
            {
                place -= boxes.Length / numbers;
                continue;
            }

            var (x, y) = Anchors(prepared, outputs.Boxes.Sum(boxes => boxes.FromEnd(2)))[candidate.Place];
            var row = boxes.Slice(place * numbers, numbers);
            var points = new ImagePoint[(numbers - 4) / 2];
            for (var i = 0; i < points.Length; i++)
                points[i] = new ImagePoint(row[4 + (2 * i)] + x, row[5 + (2 * i)] + y);
            return points;
        }

        return [];
    }

    // Returns the anchors for a prepared image. Most calls have images of one size, so the anchors of the last size are kept. Any thread may replace them.
    private (float X, float Y)[] Anchors(ImageSize prepared, int places)
    {
        var grid = _grid;
        if (grid?.Prepared != prepared)
            _grid = grid = new AnchorGrid(prepared, Create(prepared));
        return grid.Anchors.Length == places
            ? grid.Anchors
            : throw new InvalidOperationException(
                $"An image of {prepared} pixels has {grid.Anchors.Length} anchors with the strides {string.Join(", ", description.Strides)}, and the outputs "
                    + $"have {places} boxes."
            );
    }

    // Creates the anchors for a prepared image. Neighbouring equal strides share a grid, so that each of its cells has the anchors of all of them.
    private (float X, float Y)[] Create(ImageSize prepared)
    {
        var anchors = new List<(float X, float Y)>();
        for (int i = 0, next; i < description.Strides.Count; i = next)
        {
            var stride = description.Strides[i];
            for (next = i; next < description.Strides.Count && description.Strides[next] == stride; next++) { }
            for (var y = 0; y < (prepared.Height + stride - 1) / stride; y++)
            for (var x = 0; x < (prepared.Width + stride - 1) / stride; x++)
                anchors.AddRange(Enumerable.Repeat(((x + 0.5f) * stride, (y + 0.5f) * stride), AnchorsOfStride * (next - i)));
        }

        return [.. anchors];
    }

    private sealed record AnchorGrid(ImageSize Prepared, (float X, float Y)[] Anchors);
}
