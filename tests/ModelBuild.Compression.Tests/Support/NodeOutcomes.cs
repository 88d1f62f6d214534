using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Reports;

namespace ModelBuild.Compression.Tests.Support;

/// <summary>Describes outcomes of nodes in the words of receipts.</summary>
internal static class NodeOutcomes
{
    /// <summary>Returns how a node computes.</summary>
    public static string Became(this NodeOutcome outcome) => NodeFacts.Of(outcome).Became;
}
