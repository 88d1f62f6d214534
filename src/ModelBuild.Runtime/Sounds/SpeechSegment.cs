namespace ModelBuild.Runtime;

/// <summary>Represents a part of a recording that contains speech.</summary>
/// <param name="Start">The start in seconds.</param>
/// <param name="End">The end in seconds.</param>
public readonly record struct SpeechSegment(double Start, double End)
{
    /// <summary>Gets the duration in seconds.</summary>
    public double Duration => End - Start;

    /// <summary>Returns the start and the end, such as <c>1.50 s to 3.25 s</c>.</summary>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Start:0.00} s to {End:0.00} s");
}
