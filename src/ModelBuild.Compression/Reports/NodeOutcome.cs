namespace ModelBuild.Compression.Reports;

/// <summary>The outcome of a step for one node.</summary>
/// <param name="Operator">The node's operator.</param>
/// <param name="Name">The node's name.</param>
/// <param name="Form">The form in which the node computes after the step.</param>
/// <param name="Why">The reason where the node computes in float; empty otherwise.</param>
internal sealed record NodeOutcome(string Operator, string Name, NodeForm Form, string Why = "")
{
    /// <summary>The operator that ONNX Runtime runs for a node that computes in integers, such as <c>QLinearConv</c>; null where it is not known.</summary>
    public string? Kernel { get; init; }

    /// <summary>The share (0…1) of a pruned node's weights that are zero.</summary>
    public double Zeros { get; init; }
}
