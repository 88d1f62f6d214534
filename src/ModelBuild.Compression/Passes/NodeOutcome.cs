namespace ModelBuild.Compression.Passes;

/// <summary>What a step made of one node.</summary>
/// <param name="Operator">The node's operator.</param>
/// <param name="Name">Its name.</param>
/// <param name="Became">What it is now: <c>float</c>, <c>stored in int8</c>, or the integer operator that ONNX Runtime runs, such as <c>QLinearConv</c>.</param>
/// <param name="Why">The reason where it was left in float; empty otherwise.</param>
public sealed record NodeOutcome(string Operator, string Name, string Became, string Why);
