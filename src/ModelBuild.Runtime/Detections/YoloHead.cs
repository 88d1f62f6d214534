namespace ModelBuild.Runtime.Detections;

/// <summary>Reads the layouts of YOLO, in which one output has the box, the scores, the key points and the mask coefficients of each place.</summary>
/// <param name="description">The description.</param>
/// <param name="labels">The number of labels; 0 if there are none.</param>
internal sealed class YoloHead(BoxDescription description, int labels) : DetectionHead
{
    private const int Rank = 3;

    public override void Find(DetectionOutputs outputs, int image, ImageSize prepared, float threshold, List<Candidate> found)
    {
        var layout = Layout(outputs);
        if (layout.Head == BoxHead.Final)
            FindFinal(outputs, layout, image, prepared, threshold, found);
        else
            FindScored(new YoloPlaces(layout, outputs.Boxes[0].Of(image, Rank)), layout, prepared, threshold, found);
    }

    public override ImagePoint[] Points(DetectionOutputs outputs, int image, ImageSize prepared, in Candidate candidate)
    {
        if (description.Points == 0)
            return [];
        var layout = Layout(outputs);
        var places = new YoloPlaces(layout, outputs.Boxes[0].Of(image, Rank));
        var start = layout.Head == BoxHead.Final ? 6 : layout.FirstScore + layout.Classes;
        var unit = Unit(prepared);
        var points = new ImagePoint[description.Points];
        for (var i = 0; i < points.Length; i++)
        {
            var at = start + (i * description.PointValues);
            points[i] = new ImagePoint(
                places[candidate.Place, at] * unit.Width,
                places[candidate.Place, at + 1] * unit.Height,
                description.PointValues == 3 ? places[candidate.Place, at + 2] : 1
            );
        }

        return points;
    }

    public override float[] MaskNumbers(DetectionOutputs outputs, int image, in Candidate candidate)
    {
        var layout = Layout(outputs);
        var places = new YoloPlaces(layout, outputs.Boxes[0].Of(image, Rank));
        var numbers = new float[layout.MaskNumbers];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = places[candidate.Place, layout.Numbers - numbers.Length + i];
        return numbers;
    }

    private void FindScored(YoloPlaces places, YoloLayout layout, ImageSize prepared, float threshold, List<Candidate> found)
    {
        var unit = Unit(prepared);
        var grid = layout.Head == BoxHead.YoloX ? new GridCells(description.Strides, prepared, places.Count) : null;
        Span<float> box = stackalloc float[4];
        for (var place = 0; place < places.Count; place++)
        {
            var objectness = layout.FirstScore == 4 ? 1 : Score(places[place, 4]);
            if (objectness < threshold)
                continue;
            var best = -1;
            for (var i = 0; i < layout.Classes; i++)
                if (best < 0 || places[place, layout.FirstScore + i] > places[place, layout.FirstScore + best])
                    best = i;
            var score = objectness * (best < 0 ? 1 : Score(places[place, layout.FirstScore + best]));
            if (!(score >= threshold))
                continue;
            for (var i = 0; i < box.Length; i++)
                box[i] = places[place, i];
            grid?.ToPixels(place, box);
            found.Add(new Candidate(score, Math.Max(0, best), BoxNumbers.ToBox(box, description.Form, unit), place));
        }
    }

    // Reads rows of final objects. A row of six numbers is left, top, right, bottom, score, class. A row of seven is image, left, top, right, bottom, class,
    // score.
    private void FindFinal(DetectionOutputs outputs, YoloLayout layout, int image, ImageSize prepared, float threshold, List<Candidate> found)
    {
        var hasImage = outputs.Boxes[0].Rank < Rank && layout.Numbers == 7;
        var places = new YoloPlaces(layout, outputs.Boxes[0].Of(hasImage ? 0 : image, Rank));
        var (start, scoreAt, classAt) = hasImage ? (1, 6, 5) : (0, 4, 5);
        // If the description does not name the layout of final objects, its box form is meant for raw scores. Final rows that are recognized by their shape
        // always have corners.
        var form = description.Head == BoxHead.Final ? description.Form : BoxForm.Corners;
        Span<float> box = stackalloc float[4];
        for (var place = 0; place < places.Count; place++)
        {
            if ((hasImage && (int)places[place, 0] != image) || !(places[place, scoreAt] >= threshold))
                continue;
            for (var i = 0; i < box.Length; i++)
                box[i] = places[place, start + i];
            found.Add(new Candidate(places[place, scoreAt], (int)places[place, classAt], BoxNumbers.ToBox(box, form, Unit(prepared)), place));
        }
    }

    private float Score(float value) => description.Scores == BoxScores.Sigmoid ? ClassScores.Sigmoid(value) : value;

    private ImageSize Unit(ImageSize prepared) => description.IsRelative ? prepared : new ImageSize(1, 1);

    private YoloLayout Layout(DetectionOutputs outputs)
    {
        var output = outputs.Boxes[0];
        return YoloLayout.Find(description, output.FromEnd(2), output.FromEnd(1), labels, outputs.Masks is { } masks ? masks.FromEnd(3) : 0);
    }
}
