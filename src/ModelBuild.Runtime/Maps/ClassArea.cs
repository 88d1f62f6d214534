using System.Globalization;

namespace ModelBuild.Runtime;

/// <summary>Represents the pixels of an image that have one class.</summary>
/// <param name="Class">The zero-based index of the class.</param>
/// <param name="Label">The name of the class; the index as text if the model has no labels.</param>
/// <param name="Pixels">The number of pixels.</param>
/// <param name="Share">The pixels divided by all pixels of the image, from 0 to 1.</param>
public readonly record struct ClassArea(int Class, string Label, int Pixels, float Share)
{
    /// <summary>Returns the label and the share, such as <c>road 43 %</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Label} {MathF.Round(Share * 100)} %");
}
