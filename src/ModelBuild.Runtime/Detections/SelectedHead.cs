namespace ModelBuild.Runtime.Detections;

/// <summary>
/// Reads the boxes that an operator NonMaxSuppression of the model selects. The output of this operator has rows with the indices of image, class and box.
/// </summary>
/// <param name="description">The description.</param>
internal sealed class SelectedHead(BoxDescription description) : DetectionHead
{
    private const int Rank = 3;

    public override void Find(DetectionOutputs outputs, int image, ImageSize prepared, float threshold, List<Candidate> found)
    {
        var unit = description.IsRelative ? prepared : new ImageSize(1, 1);
        var boxes = outputs.Boxes[0].Of(image, Rank);
        var scores = outputs.Scores[0].Of(image, Rank);
        var places = boxes.Length / 4;
        var classes = scores.Length / Math.Max(1, places);
        // The operator NonMaxSuppression takes scores of the shape [images, classes, boxes], but some models return [images, boxes, classes].
        var hasPlacesLast = outputs.Scores[0].FromEnd(1) == places;
        var selected = outputs.Selected!.Value.Elements.Span;
        for (var row = 0; row + 2 < selected.Length; row += 3)
        {
            if ((int)selected[row] != image)
                continue;
            var (index, place) = ((int)selected[row + 1], (int)selected[row + 2]);
            if ((uint)index >= (uint)classes || (uint)place >= (uint)places)
                throw new InvalidOperationException(
                    $"The model selects the class {index} and the box {place} of an image, and its outputs have {classes} classes and {places} boxes."
                );
            var score = scores[hasPlacesLast ? (index * places) + place : (place * classes) + index];
            if (score >= threshold)
                found.Add(new Candidate(score, index, BoxNumbers.ToBox(boxes.Slice(place * 4, 4), description.Form, unit), place));
        }
    }
}
