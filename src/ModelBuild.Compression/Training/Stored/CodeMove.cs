namespace ModelBuild.Compression.Training.Stored;

/// <summary>An element that could take another of the values that a tensor shares.</summary>
/// <param name="Value">The tensor.</param>
/// <param name="Element">The index of the element.</param>
/// <param name="Code">The index of the other value.</param>
/// <param name="Gain">By how much the loss is expected to fall.</param>
internal sealed record CodeMove(SharedValue Value, int Element, int Code, double Gain);
