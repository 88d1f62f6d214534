namespace ModelBuild.Compression.Reports;

/// <summary>What a step made of one node.</summary>
/// <param name="Operator">The node's operator.</param>
/// <param name="Name">Its name.</param>
/// <param name="Became">What it is now: <c>float</c>, <c>stored in int8</c>, or the integer operator that ONNX Runtime runs, such as <c>QLinearConv</c>.</param>
/// <param name="Why">The reason where it computes in float, be its weights stored in int8 or not; empty otherwise.</param>
public sealed record NodeOutcome(string Operator, string Name, string Became, string Why)
{
    /// <summary>It computes in float, on weights that are kept in float.</summary>
    public const string Float = "float";

    /// <summary>It computes in float, on weights that are stored in int8.</summary>
    public const string StoredInInt8 = "stored in int8";
}
