using System.ComponentModel;
using System.Globalization;
using ModelBuild.Runtime.Detections;

namespace ModelBuild.Runtime;

/// <summary>
/// Reads the objects that a detector finds from its outputs: boxes, classes and scores, and key points and masks if the model has them. A description of one
/// line states the form of the outputs. Generated code uses this class.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class DetectionReader
{
    private readonly BoxDescription _description;
    private readonly BoxOutputs _outputs;
    private readonly DetectionHead _head;
    private readonly IReadOnlyList<string> _labels;

    /// <summary>Initializes a new instance of the <see cref="DetectionReader"/> class.</summary>
    /// <param name="description">The description, such as <c>yolo threshold(0.25) nms(0.45)</c>.</param>
    /// <param name="labels">The names of the classes; empty if the model has none.</param>
    /// <param name="outputs">The outputs of the model.</param>
    /// <exception cref="FormatException">The description has a mistake, or it does not fit the outputs.</exception>
    public DetectionReader(string description, IReadOnlyList<string> labels, IReadOnlyList<TensorContract> outputs)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(outputs);
        _description = BoxDescriptionParser.Parse(description);
        _outputs = BoxOutputs.Find(_description, [.. outputs.Select(output => output.Described)]);
        _labels = labels;
        _head = _description.Head switch
        {
            BoxHead.Separate => new SeparateHead(_description, labels.Count),
            BoxHead.Selected => new SelectedHead(_description),
            BoxHead.Blaze => new BlazeHead(_description, labels.Count),
            _ => new YoloHead(_description, labels.Count),
        };
    }

    /// <summary>Reads the objects of one image, those with the highest scores first.</summary>
    /// <param name="result">The outputs of the call.</param>
    /// <param name="image">The zero-based index of the image in the call.</param>
    /// <param name="placement">The place of the image in the prepared image.</param>
    /// <param name="threshold">The lowest score; null for that of the description.</param>
    /// <returns>The objects. Their boxes end at the edges of the image.</returns>
    /// <exception cref="InvalidOperationException">The outputs have other sizes than the description needs.</exception>
    public IReadOnlyList<Detection> Read(ModelResult result, int image, ImagePlacement placement, float? threshold) =>
        Read(DetectionOutputs.Read(_outputs, result.Buffer), image, placement, threshold);

    /// <summary>Reads the objects of one image from the outputs of a call.</summary>
    internal IReadOnlyList<Detection> Read(DetectionOutputs outputs, int image, ImagePlacement placement, float? threshold)
    {
        var candidates = new List<Candidate>();
        try
        {
            _head.Find(outputs, image, placement.Prepared, threshold ?? _description.Threshold, candidates);
        }
        catch (FormatException exception)
        {
            throw new InvalidOperationException($"The outputs do not fit the description of boxes: {exception.Message}", exception);
        }

        var kept = NonMaxSuppression.Run(candidates, _description.MaxOverlap, _description.IsAcrossClasses, _description.Limit);
        return kept.ConvertAll(candidate => ToDetection(outputs, image, placement, candidate));
    }

    private Detection ToDetection(DetectionOutputs outputs, int image, ImagePlacement placement, Candidate candidate)
    {
        var box = ToOriginal(candidate.Box, placement);
        var numbers = outputs.Masks is null ? [] : _head.MaskNumbers(outputs, image, candidate);
        var label = candidate.Class < _labels.Count ? _labels[candidate.Class] : candidate.Class.ToString(CultureInfo.InvariantCulture);
        return new Detection(candidate.Class, label, candidate.Score, box)
        {
            Points = Array.ConvertAll(
                _head.Points(outputs, image, placement.Prepared, candidate),
                point => placement.ToOriginal(point.X, point.Y) is var (x, y) ? new ImagePoint(x, y, point.Score) : default
            ),
            Mask = numbers.Length == 0 ? null : MaskReader.Read(outputs.Masks!.Value, image, numbers, box, placement),
        };
    }

    private static ImageBox ToOriginal(ImageBox box, ImagePlacement placement)
    {
        var (left, top) = placement.ToOriginal(box.Left, box.Top);
        var (right, bottom) = placement.ToOriginal(box.Right, box.Bottom);
        var (width, height) = placement.Original;
        return new ImageBox(Math.Clamp(left, 0, width), Math.Clamp(top, 0, height), Math.Clamp(right, 0, width), Math.Clamp(bottom, 0, height));
    }
}
