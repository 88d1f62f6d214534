namespace ModelBuild.Runtime;

/// <summary>Represents an object that a model found in an image.</summary>
/// <param name="Class">The zero-based index of the object's class.</param>
/// <param name="Label">The name of the class; the index as text if the model has no labels.</param>
/// <param name="Score">The score, from 0 to 1 for the usual models.</param>
/// <param name="Box">The rectangle around the object, in pixels of the original image.</param>
public sealed record Detection(int Class, string Label, float Score, ImageBox Box)
{
    /// <summary>Gets the key points of the object in pixels of the original image; empty if the model has none.</summary>
    public IReadOnlyList<ImagePoint> Points { get; init; } = [];

    /// <summary>Gets the mask of the object; null if the model has none.</summary>
    public DetectionMask? Mask { get; init; }

    /// <summary>Returns the label, the score and the box, such as <c>cat 87 % (12, 30) 200x180</c>.</summary>
    public override string ToString() =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Label} {Score * 100:0} % ({Box.Left:0}, {Box.Top:0}) {Box.Width:0}x{Box.Height:0}");
}
