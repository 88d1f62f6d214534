namespace ModelBuild.Compression.Training.Stored;

/// <summary>A possible assignment of an element to another of the values that its tensor shares.</summary>
/// <param name="Value">The tensor.</param>
/// <param name="Element">The index of the element.</param>
/// <param name="Code">The index of the other value.</param>
/// <param name="Slope">By how much the loss would fall if it were linear.</param>
/// <param name="Bend">By how much it would fall less because of its curvature.</param>
internal sealed record CodeMove(SharedValue Value, int Element, int Code, double Slope, double Bend);
