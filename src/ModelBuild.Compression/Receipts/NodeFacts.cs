using System.Globalization;
using ModelBuild.Compression.Reports;

namespace ModelBuild.Compression.Receipts;

/// <summary>The outcome of the steps for one node, as receipts show it.</summary>
/// <param name="Operator">The node's operator.</param>
/// <param name="Name">The node's name.</param>
/// <param name="Became">
/// How it computes: <c>float</c>, <c>stored in int8</c>, or the integer operator that ONNX Runtime runs, such as <c>QLinearConv</c>.
/// </param>
/// <param name="Why">The reason where it computes in float, even if its weights are stored in a narrower type; empty otherwise.</param>
internal sealed record NodeFacts(string Operator, string Name, string Became, string Why)
{
    /// <summary>Returns the facts of a node's outcome.</summary>
    public static NodeFacts Of(NodeOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        return new NodeFacts(outcome.Operator, outcome.Name, Words(outcome), outcome.Why);
    }

    private static string Words(NodeOutcome outcome) =>
        outcome.Form switch
        {
            NodeForm.Float => "float",
            NodeForm.StoredInt8 => "stored in int8",
            NodeForm.StoredInt4 => "stored in int4",
            NodeForm.StoredFloat16 => "stored in float16",
            NodeForm.Float16 => "float16",
            NodeForm.Bfloat16 => "bfloat16",
            NodeForm.Integer => outcome.Kernel ?? "integers",
            NodeForm.Quantized => "quantized",
            NodeForm.Pruned => string.Create(CultureInfo.InvariantCulture, $"{outcome.Zeros:P0} zeros"),
            _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
        };
}
