namespace ModelBuild.Runtime.Detections;

/// <summary>Reads boxes and their scores from different outputs of a model, as SSD, DETR and torchvision's detectors have them.</summary>
/// <param name="description">The description.</param>
/// <param name="labels">The number of labels; 0 if there are none.</param>
internal sealed class SeparateHead(BoxDescription description, int labels) : DetectionHead
{
    private const int Rank = 3;
    private readonly ClassScores _classes = new(description.Scores, description.Background, labels);

    public override void Find(DetectionOutputs outputs, int image, ImageSize prepared, float threshold, List<Candidate> found)
    {
        var unit = description.IsRelative ? prepared : new ImageSize(1, 1);
        var first = 0;
        for (var i = 0; i < outputs.Boxes.Length; i++)
        {
            var boxes = outputs.Boxes[i].Of(image, Rank);
            var count = boxes.Length / 4;
            // If the output of scores has no dimension for classes, each box has one score.
            var isSingle = outputs.Scores[i].Rank < outputs.Boxes[i].Rank;
            var scores = outputs.Scores[i].Of(image, isSingle ? Rank - 1 : Rank);
            var classes = isSingle ? 1 : outputs.Scores[i].FromEnd(1);
            var chosen = outputs.Classes is { } output ? output.Of(image, Rank - 1) : default;
            for (var place = 0; place < count; place++)
            {
                var row = scores.Slice(place * classes, classes);
                var (index, score) =
                    !chosen.IsEmpty ? (_classes.Chosen((int)chosen[place]), _classes.Single(row[0]))
                    : classes == 1 ? (0, _classes.Single(row[0]))
                    : _classes.Best(row);
                if (score >= threshold && index >= 0)
                    found.Add(new Candidate(score, index, BoxNumbers.ToBox(boxes.Slice(place * 4, 4), description.Form, unit), first + place));
            }

            first += count;
        }
    }
}
