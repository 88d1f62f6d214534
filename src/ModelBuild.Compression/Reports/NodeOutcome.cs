namespace ModelBuild.Compression.Reports;

/// <summary>The outcome of a step for one node.</summary>
/// <param name="Operator">The operator of the node.</param>
/// <param name="Name">The name of the node.</param>
/// <param name="Became">
/// The arithmetic of the node: <c>float</c>, <c>stored in int8</c>, or the integer operator that ONNX Runtime runs, such as <c>QLinearConv</c>.
/// </param>
/// <param name="Why">The reason why the node computes in float; empty for integer operators.</param>
public sealed record NodeOutcome(string Operator, string Name, string Became, string Why)
{
    /// <summary>The node computes in float with float weights.</summary>
    public const string Float = "float";

    /// <summary>The node computes in float with weights that are stored in int8.</summary>
    public const string StoredInInt8 = "stored in int8";
}
